import pytest

from fakes.arm.errors import ArmError
from fakes.arm.shapes import ANY, TAGS, check_shape
from fakes.notsimulated import NotSimulated

SHAPE = {"name": str, "n": int, "on": bool, "list": [{"a": str}], "free": ANY, "tags": TAGS, "any": dict}


@pytest.mark.parametrize(
    "fits",
    [{}, None, {"name": "x", "n": 1, "on": False, "list": [{"a": "b"}, {}], "free": [1], "tags": {"k": "v"}},
     {"name": None, "n": None, "list": None, "any": {"z": 1}}],
)  # fmt: skip
def test_what_fits_passes(fits):
    check_shape(fits, SHAPE)


@pytest.mark.parametrize(
    ("wrong", "text"),
    [
        ([], "to type object. Path ''"),
        ({"name": 1}, "converting value 1 to type string. Path 'name'"),
        ({"n": True}, "True to type integer. Path 'n'"),
        ({"n": "1"}, "'1' to type integer"),
        ({"on": 1}, "to type boolean"),
        ({"list": [{"a": 1}]}, "Path 'list[0].a'"),
        ({"list": [None]}, "Path 'list[0]'"),
        ({"list": {}}, "to type array"),
        ({"tags": {"k": 1}}, "Path 'tags.k'"),
        ({"name": "\ud800"}, "to type printable string"),
    ],
)
def test_what_does_not_fit_is_refused_with_its_place(wrong, text):
    with pytest.raises(ArmError) as refused:
        check_shape(wrong, SHAPE)
    assert (refused.value.status, refused.value.code) == (400, "InvalidRequestContent")
    assert text in refused.value.message


@pytest.mark.parametrize(
    ("member", "text"), [({"new": 1}, "member new of a request"), ({"NAME": "x"}, "member NAME in a casing")]
)
def test_what_would_have_to_be_ignored_is_not_simulated(member, text):
    with pytest.raises(NotSimulated, match=text):
        check_shape(member, SHAPE)
    with pytest.raises(NotSimulated, match=r"list\[1\].b"):
        check_shape({"list": [{}, {"b": 1}]}, SHAPE)
