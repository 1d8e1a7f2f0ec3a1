"""The Eagle stand-in, seen over bare HTTP and on disk."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from engine.standins.eagle import faults
from engine.standins.eagle.standin import EagleStandin

NOW_S = 1_800_000_000.0


class Hands:
    """A stand-in with two libraries, and a client of it."""

    def __init__(self, standin: EagleStandin, folder: Path) -> None:
        self.standin = standin
        self.folder = folder
        self.http = httpx.Client(base_url=standin.url, verify=False)  # a TLS context costs more than a test

    def get(self, path: str, /, **parameters: Any) -> Any:
        """Read from V2 and give the data of a success."""
        return self._data(self.http.get(f"/api/v2/{path}", params=parameters))

    def post(self, path: str, /, **body: Any) -> Any:
        """Write to V2 and give the data of a success."""
        return self._data(self.http.post(f"/api/v2/{path}", json=body))

    def refusal(self, path: str, /, **body: Any) -> str:
        """Write to V2 so that it must be refused, and give the message."""
        answer = self.http.post(f"/api/v2/{path}", json=body).json()
        assert answer["status"] == "error"
        return str(answer["message"])

    def file(self, name: str, content: bytes = b"audio") -> str:
        """Make a file to import and give its path."""
        path = self.folder / name
        path.write_bytes(content)
        return str(path)

    @staticmethod
    def _data(answer: httpx.Response) -> Any:
        payload = answer.json()
        assert payload["status"] == "success", payload
        return payload["data"]


@pytest.fixture
def hands(tmp_path: Path) -> Iterator[Hands]:
    """Give a listening stand-in with two empty libraries."""
    libraries = [tmp_path / "Music.library", tmp_path / "Pictures.library"]
    with EagleStandin(libraries, clock=lambda: NOW_S) as standin:
        made = Hands(standin, tmp_path)
        yield made
        made.http.close()


def test_an_added_file_is_copied_and_completes_later(hands: Hands) -> None:
    """Import is asynchronous: gettable at once, size and thumbnail some requests later; the layout is Eagle's."""
    added = hands.post(
        "item/add", path=hands.file("Song: A.aiff"), name="Song: A", tags=["a", "a"], website="https://x"
    )
    item_id = added["id"]
    assert len(item_id) == 13
    first = hands.get("item/get", id=item_id)["data"][0]
    assert "size" not in first
    assert "filePath" not in first
    assert "Thumbnail not found" in hands.http.get("/api/item/thumbnail", params={"id": item_id}).text
    later = hands.get("item/get", id=item_id)["data"][0]
    assert (later["size"], later["tags"], later["url"], later["ext"]) == (5, ["a"], "https://x", "aiff")
    info = hands.standin.library_path / "images" / f"{item_id}.info"
    assert (info / "Song_ A.aiff").read_bytes() == b"audio"
    assert json.loads((info / "metadata.json").read_text()) == later
    assert Path(hands.http.get("/api/item/thumbnail", params={"id": item_id}).json()["data"]).exists()
    assert json.loads((hands.standin.library_path / "mtime.json").read_text())["all"] == 1


def test_errors_come_with_http_200(hands: Hands) -> None:
    """A missing file, no source, two sources: refused inside a 200."""
    assert "File not found" in hands.refusal("item/add", path="/nowhere/x.mp3")
    assert "Exactly one of" in hands.refusal("item/add", name="x")
    assert "Exactly one of" in hands.refusal("item/add", path="a", url="b")
    assert "Download failed" in hands.refusal("item/add", url="https://example.invalid/x.mp3")
    assert "wrong type" in hands.refusal("item/add", path=hands.file("a.mp3"), tags="a")
    assert "wrong type" in hands.refusal("item/add", path=hands.file("a.mp3"), tags=[1])
    assert "id is not valid" in hands.refusal("item/add", path=hands.file("a.mp3"), id="../up")
    assert "1 to 1000" in hands.refusal("item/add", items=[])
    assert "objects" in hands.refusal("item/add", items=["a"])
    assert "required" in hands.refusal("item/query")
    assert hands.standin.items() == {}


def test_a_known_custom_id_overwrites_nothing(hands: Hands) -> None:
    """Re-adding under the same id succeeds and changes nothing, or is refused when so configured."""
    path = hands.file("a.mp3")
    assert hands.post("item/add", path=path, id="KEY1", name="")["id"] == "KEY1"
    before = hands.standin.items()["KEY1"]
    assert before["name"] == "KEY1"
    assert hands.post("item/add", path=hands.file("b.mp3"), id="KEY1", name="b")["id"] == "KEY1"
    after = hands.standin.items()["KEY1"]
    assert (after["name"], after["ext"]) == (before["name"], before["ext"])
    hands.standin.knobs.refuse_known_id = True
    assert "already exists" in hands.refusal("item/add", path=path, id="KEY1")


def test_the_folder_key_of_v1_is_ignored_by_v2(hands: Hands) -> None:
    """`folderId` lands in the root; `folders` is what V2 reads, and unknown folders are dropped."""
    folder_id = hands.post("folder/create", name="Playlists")["id"]
    lost = hands.post("item/add", path=hands.file("a.mp3"), folderId=folder_id)["id"]
    kept = hands.post("item/add", path=hands.file("b.mp3"), folders=[folder_id, "NOFOLDER"])["id"]
    items = hands.standin.items()
    assert (items[lost]["folders"], items[kept]["folders"]) == ([], [folder_id])
    assert hands.get("item/get", folders=folder_id)["total"] == 1
    assert [item["id"] for item in hands.get("item/get", isUnfiled="true")["data"]] == [lost]


def test_update_replaces_and_answers_false_for_a_missing_item(hands: Hands) -> None:
    """Lists are replaced whole; a missing item is `data: false` under a success."""
    item_id = hands.post("item/add", path=hands.file("a.mp3"), tags=["a", "b"], star=3)["id"]
    updated = hands.post("item/update", id=item_id, tags=["c", "c"], name="New / name", folders=["NOFOLDER"], star=0)
    assert (updated["tags"], updated["folders"]) == (["c"], [])
    assert "star" not in updated
    assert hands.standin.file_of(item_id).name == "New _ name.mp3"
    assert hands.standin.file_of(item_id).exists()
    assert hands.post("item/update", id=item_id, name="")["name"] == "New / name"
    assert hands.post("item/update", id="NOSUCH", tags=[]) is False


def test_the_trash_hides_from_lists_not_from_ids(hands: Hands) -> None:
    """IsDeleted is the only delete; a person empties the trash."""
    item_id = hands.post("item/add", path=hands.file("a.mp3"))["id"]
    assert hands.post("item/update", id=item_id, isDeleted=True)["deletedTime"] == NOW_S * 1000
    assert hands.get("item/get")["total"] == hands.get("item/countAll") == 0
    assert hands.get("item/get", id=item_id)["data"][0]["isDeleted"] is True
    hands.standin.restore(item_id)
    assert hands.get("item/countAll") == 1
    hands.standin.trash(item_id)
    file = hands.standin.file_of(item_id)
    hands.standin.empty_trash()
    assert not file.exists()
    assert hands.get("item/get", id=item_id)["total"] == 0


def test_filters_pages_and_limits(hands: Hands) -> None:
    """Batches up to 1,000, pages of 50 unless asked, 1,000 at most; annotation and URL can be searched."""
    path = hands.file("a.mp3")
    bookmark = {"bookmarkURL": "https://b", "name": "Mark"}
    items = [{"path": path, "name": f"n{n}", "annotation": f"key={n}", "star": 2} for n in range(60)]
    ids = hands.post("item/add", items=[*items, bookmark])["ids"]
    page = hands.get("item/get")
    assert (len(page["data"]), page["total"], page["offset"], page["limit"]) == (50, 61, 0, 50)
    assert hands.get("item/get", limit=5000)["limit"] == 1000
    assert hands.get("item/get", offset=60)["data"][0]["id"] == ids[0]
    assert [item["id"] for item in hands.post("item/get", annotation="KEY=59")["data"]] == [ids[59]]
    assert hands.post("item/get", url="https://b")["data"][0]["ext"] == "url"
    assert hands.post("item/get", ids=ids[:2])["total"] == 2
    assert hands.get("item/get", rating=2)["total"] == 60
    assert hands.get("item/get", keywords="mark", ext="URL")["total"] == 1
    assert hands.get("item/get", isSelected="true")["total"] == 0
    assert hands.get("item/get", isUntagged="true")["total"] == 61
    assert set(hands.get("item/get", id=ids[0], fields="name,tags")["data"][0]) == {"id", "name", "tags"}
    wrong = hands.http.get("/api/v2/item/get", params={"limit": "all"})
    assert (wrong.status_code, wrong.json()["status"]) == (400, "error")
    assert hands.http.post("/api/v2/item/get", content=b"{").status_code == 400
    assert hands.http.post("/api/v2/item/get", content=b"[]").status_code == 400


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("cat", "big small"),
        ("(big OR dog) -cat", "dog"),
        ('"cat" small', "small"),
        ("-cat", "dog"),
        ("(cat", "big small"),
    ],
)
def test_full_text_queries(hands: Hands, query: str, names: str) -> None:
    """Words, exclusion, OR and parentheses over name, tags and the rest."""
    for name, tags in (("big", ["cat"]), ("small", ["Cat"]), ("dog", [])):
        hands.post("item/add", path=hands.file(f"{name}.mp3"), tags=tags)
    found = hands.post("item/query", query=query)["data"]
    assert sorted(item["name"] for item in found) == names.split()


def test_folders_nest_but_do_not_name_their_parent(hands: Hands) -> None:
    """The same name twice makes two folders; the parent field does not exist in answers (F71)."""
    top = hands.post("folder/create", name="Playlists", description="d")["id"]
    child = hands.post("folder/create", name="Set", parent=top)["id"]
    twin = hands.post("folder/create", name="Set", parent=top)["id"]
    assert child != twin
    listed = hands.get("folder/get")
    assert listed["total"] == 3
    assert all("parent" not in folder for folder in listed["data"])
    hands.post("folder/update", id=twin, name="Moved", parent=None, iconColor="red")
    assert hands.standin.folders()[twin] == ("Moved", None)
    assert hands.standin.folders()[child] == ("Set", top)
    hands.post("item/add", path=hands.file("a.mp3"), folders=[child])
    shown = hands.get("folder/get", ids=top)["data"][0]
    assert (shown["imageCount"], shown["descendantImageCount"]) == (0, 1)
    for path, body in (
        ("create", {"name": "x", "parent": "NO"}),
        ("update", {"id": "NO"}),
        ("update", {"id": top, "parent": "NO"}),
    ):
        assert "not found" in hands.refusal(f"folder/{path}", **body)


def test_libraries_are_switched_and_known_by_their_path(hands: Hands) -> None:
    """Another open library has other items; its path tells them apart."""
    item_id = hands.post("item/add", path=hands.file("a.mp3"))["id"]
    other = hands.folder / "Pictures.library"
    assert hands.post("library/switch", libraryPath=str(other)) is True
    assert hands.get("library/info")["path"] == str(other)
    assert hands.get("item/get", id=item_id)["total"] == 0
    assert hands.post("item/update", id=item_id, tags=[]) is False
    assert hands.refusal("library/switch", libraryPath="/nowhere") == "Library not found"
    hands.standin.switch_library(hands.folder / "Music.library")
    assert hands.get("library/info")["name"] == "Music"
    assert [entry["name"] for entry in hands.get("library/history")["data"]] == ["Music", "Pictures"]
    with pytest.raises(KeyError):
        hands.standin.switch_library(hands.folder)


def test_the_tag_list_lags(hands: Hands) -> None:
    """A tag just written is on the item at once and in the list some requests later (F34)."""
    hands.standin.knobs.tag_lag_requests = 2
    item_id = hands.post("item/add", path=hands.file("a.mp3"), tags=["new"])["id"]
    seen = [[tag["name"] for tag in hands.get("tag/get")["data"]] for _ in range(4)]
    assert (seen[0], seen[-1]) == ([], ["new"])
    hands.standin.knobs.tag_lag_requests = 0
    hands.standin.edit(item_id, tags=["newer"])
    assert hands.get("tag/get")["data"] == [{"name": "newer", "count": 1}]


def test_version_1_is_still_served(hands: Hands) -> None:
    """The older endpoints: no id on import, info by GET only, tags replace, trash in silence."""
    http = hands.http
    assert http.get("/api/application/info").json()["data"]["version"] == "4.0.0"
    assert hands.get("app/info")["buildVersion"] == "20260401"
    folder = http.post("/api/folder/create", json={"folderName": "F"}).json()["data"]["id"]
    body = {"path": hands.file("a.mp3"), "folderId": folder, "tags": ["t"], "website": "https://x"}
    assert http.post("/api/item/addFromPath", json=body).json() == {"status": "success"}
    assert http.post("/api/item/addFromPath", json={"path": "/no"}).json()["status"] == "error"
    listed = http.get("/api/item/list", params={"folders": folder, "tags": "t", "orderBy": "NAME"}).json()["data"]
    item_id = listed[0]["id"]
    assert http.post("/api/item/info", json={"id": item_id}).status_code == 405
    assert http.get("/api/item/info", params={"id": item_id}).json()["data"]["url"] == "https://x"
    assert http.get("/api/item/info", params={"id": "NO"}).json()["status"] == "error"
    changed = http.post("/api/item/update", json={"id": item_id, "tags": ["u"], "name": "ignored"}).json()["data"]
    assert (changed["tags"], changed["name"]) == (["u"], "a")
    assert http.post("/api/item/update", json={"id": "NO"}).json()["status"] == "error"
    assert http.get("/api/folder/list").json()["data"][0]["imageCount"] == 1
    assert http.get("/api/library/info").json()["data"]["library"]["name"] == "Music"
    assert len(http.get("/api/library/history").json()["data"]) == 2
    assert http.get("/api/item/list", params={"orderBy": "AGE"}).json()["status"] == "error"
    assert http.post("/api/item/moveToTrash", json={"itemIds": [item_id, "NO"]}).json() == {"status": "success"}
    assert http.post("/api/item/moveToTrash", json={}).json()["status"] == "error"
    assert http.get("/api/item/list").json()["data"] == []
    other = {"libraryPath": str(hands.folder / "Pictures.library")}
    assert http.post("/api/library/switch", json=other).json() == {"status": "success"}
    assert http.get("/api/nothing").status_code == 404


def test_an_older_eagle_has_no_version_2(tmp_path: Path) -> None:
    """Before 4.0 build 21, V2 is a 404 while V1 answers."""
    with EagleStandin([tmp_path / "A.library"], serves_v2=False) as standin:
        assert httpx.get(standin.url + "/api/v2/app/info").status_code == 404
        assert httpx.get(standin.url + "/api/application/info").status_code == 200


def test_a_library_goes_on_after_a_restart(tmp_path: Path) -> None:
    """The folder on disk is the state; an import cut off is finished later; the open library is remembered."""
    libraries = [tmp_path / "A.library", tmp_path / "B.library"]
    state_path = tmp_path / "state" / "eagle"
    with EagleStandin(libraries, clock=lambda: NOW_S, state_path=state_path) as standin:
        hands = Hands(standin, tmp_path)
        standin.switch_library(libraries[1])
        folder_id = hands.post("folder/create", name="F")["id"]
        item_id = hands.post("item/add", path=hands.file("a.mp3"), folders=[folder_id])["id"]
        hands.http.close()
    with EagleStandin(libraries, clock=lambda: NOW_S, state_path=state_path) as standin:
        hands = Hands(standin, tmp_path)
        assert standin.library_path == libraries[1]
        assert hands.get("item/get", id=item_id)["data"][0]["size"] == 5
        assert hands.post("folder/create", name="G")["id"] not in (folder_id, item_id)
        assert hands.post("item/add", path=hands.file("b.mp3"))["id"] != item_id
        hands.http.close()
    assert set(standin.items(libraries[1])) > {item_id}


@pytest.mark.parametrize(
    ("fault", "status", "acted"),
    [
        (faults.eagle_refused(), 200, 0),
        (faults.added_but_500(), 500, 1),
        (faults.eagle_internal_error(), 500, 0),
    ],
)
def test_each_fault_has_its_true_shape(hands: Hands, fault: Any, status: int, acted: int) -> None:
    """An error envelope under its HTTP status; `acted` says whether the item exists all the same."""
    hands.standin.script(fault)
    answer = hands.http.post("/api/v2/item/add", json={"path": hands.file("a.mp3")})
    assert (answer.status_code, answer.json()["status"]) == (status, "error")
    assert len(hands.standin.items()) == acted


def test_an_update_may_fail_under_a_success(hands: Hands) -> None:
    """`data: false` and nothing changed."""
    item_id = hands.post("item/add", path=hands.file("a.mp3"))["id"]
    hands.standin.script(faults.eagle_update_failed())
    assert hands.post("item/update", id=item_id, tags=["x"]) is False
    assert hands.standin.items()[item_id]["tags"] == []
