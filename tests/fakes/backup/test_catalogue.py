import re
from pathlib import Path

from fakes.backup import catalogue

ENGINE = Path(catalogue.__file__).parent


def test_the_three_published_numbers_and_no_more():
    published = {one.code: one.number for one in catalogue.errors().values() if one.published}
    assert published == {"ResourceNotFound": 320001, "BCMV2VMNotFound": 400094, "AzureVmOffline": 380008}


def test_all_other_numbers_are_the_labs_and_unique():
    own = [one.number for one in catalogue.errors().values() if not one.published]
    assert all(990001 <= number <= 990999 for number in own)
    assert len(set(own)) == len(own)


def test_every_entry_is_complete():
    for one in catalogue.errors().values():
        assert one.title, one.code
        assert one.message, one.code
        assert one.recommendations, one.code
        assert one.source.startswith("https://learn.microsoft.com/azure/backup/"), one.code


def test_the_spelling_of_2018_and_the_official_text_are_kept():
    assert catalogue.error("ExtentionOperationFailed").message == "VMSnapshot extension operation failed"
    assert "virtual machine  is not running" in catalogue.error("AzureVmOffline").message


def test_messages_that_no_article_gives_are_marked():
    ours = {one.code for one in catalogue.errors().values() if not one.message_published}
    assert ours == {"VMRestorePointInternalError", "UserErrorUnableToOpenMount"}


def test_every_code_that_the_engine_raises_is_documented():
    raised = set()
    for path in ENGINE.rglob("*.py"):
        raised |= set(re.findall(r'BackupFailure\(\s*"(\w+)"', path.read_text()))
    assert len(raised) >= 8
    assert raised <= set(catalogue.errors())


def test_the_four_refusals_to_cancel():
    texts = [one.text for one in catalogue.cancel_refusals().values()]
    assert texts[0] == "Cancellation isn't supported for this job type: Wait until the job finishes."
    assert len(texts) == 4
