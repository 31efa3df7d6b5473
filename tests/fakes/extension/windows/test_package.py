import io
import json
import zipfile

from fakes.extension.windows import package


def test_the_package_is_the_agents_kind_and_always_the_same():
    built = package.build("1.0.111.0")
    with zipfile.ZipFile(io.BytesIO(built)) as archive:
        entry = json.loads(archive.read("HandlerManifest.json"))[0]
        assert entry["handlerManifest"]["enableCommand"] in archive.namelist()
        assert entry["version"] == "1.0.111.0"
    package.build.cache_clear()
    assert package.build("1.0.111.0") == built


def test_it_is_offered_in_the_versions_asked_for():
    offered = package.packages("1.0.1.0", "1.0.2.0")["Microsoft.Azure.RecoveryServices.VMSnapshot"]
    assert sorted(offered) == ["1.0.1.0", "1.0.2.0"]
    assert offered["1.0.2.0"]() == package.build("1.0.2.0")
