"""The resources of the control plane: one dictionary, keyed by lower-cased id.

Bodies are replaced, never changed in place: whoever holds one (another thread, an open
response) keeps reading what it read. Writers take a copy from :meth:`ResourceStore.edit`.
"""

from __future__ import annotations

import bisect
import contextlib
import copy
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from fakes.arm import ids

Json = dict[str, Any]
Observer = Callable[[str], None]


@dataclass(frozen=True)
class Resource:
    """One stored resource.

    Attributes:
        id: Its id, in the casing of its creation.
        body: The wire body as GET shows it. Read-only: see :meth:`ResourceStore.edit`.
        state: What the fabric knows and the body does not show, for example a VM's power
            state. JSON-able, saved with the body. Read-only too.
    """

    id: str
    body: Json
    state: Json = field(default_factory=dict)

    @property
    def properties(self) -> Json:
        """``body["properties"]``."""
        found: Json = self.body["properties"]
        return found


class ResourceStore:
    """All resources; readable and writable from any thread.

    >>> store = ResourceStore()
    >>> _ = store.put("/subscriptions/S/resourceGroups/G", {"name": "G", "properties": {}})
    >>> store.get("/SUBSCRIPTIONS/s/resourcegroups/g").body["name"]
    'G'
    """

    def __init__(self) -> None:
        self._lock = threading.RLock()
        self._resources: dict[str, Resource] = {}
        self._keys: list[str] = []  # sorted, so that a scope is a slice
        self._observers: list[Observer] = []

    # -- reading ---------------------------------------------------------------
    def get(self, resource_id: str) -> Resource | None:
        """Return a resource, or ``None``."""
        return self._resources.get(ids.key(resource_id))

    def __contains__(self, resource_id: str) -> bool:
        return ids.key(resource_id) in self._resources

    def list(self, scope: str, resource_type: str = "") -> list[Resource]:
        """Return the resources below a scope, ordered by id.

        Args:
            scope: A subscription, resource group or resource id.
            resource_type: Only this type, ``Microsoft.Compute/disks``; all when empty.
        """
        wanted = resource_type.lower()
        with self._lock:
            found = [self._resources[k] for k in self._below(scope)]
        if not wanted:
            return found
        return [one for one in found if str(one.body.get("type", "")).lower() == wanted]

    def _below(self, scope: str) -> Sequence[str]:
        """Return the keys of what lies below a scope, in order."""
        prefix = ids.key(scope).rstrip("/") + "/"
        start = bisect.bisect_left(self._keys, prefix)
        return self._keys[start : bisect.bisect_left(self._keys, prefix[:-1] + "0", start)]  # "0" follows "/"

    # -- writing ---------------------------------------------------------------
    def put(self, resource_id: str, body: Json, state: Json | None = None) -> Resource:
        """Create or replace a resource; the id's first casing and its state are kept.

        Args:
            resource_id: Its id.
            body: The wire body; the store keeps this very object, do not change it later.
            state: New hidden state; the present one stays when left out.
        """
        with self._lock:
            new, changed = self._replace(resource_id, body, state)
        if changed:
            self._notify(new.id)
        return new

    @contextlib.contextmanager
    def edit(self, resource_id: str) -> Iterator[Resource]:
        """Give a copy of a resource to change; it is stored when the block ends well.

        Raises:
            KeyError: There is no such resource.

        Edits exclude each other, so no update is lost between threads.
        """
        with self._lock:
            draft = copy.deepcopy(self._resources[ids.key(resource_id)])
            yield draft
            _, changed = self._replace(draft.id, draft.body, draft.state)
        if changed:
            self._notify(draft.id)

    def _replace(self, resource_id: str, body: Json, state: Json | None) -> tuple[Resource, bool]:
        old = self.get(resource_id)
        kept_id = old.id if old else resource_id
        kept_state = state if state is not None else old.state if old else {}
        new = Resource(kept_id, body, kept_state)
        self._resources[ids.key(resource_id)] = new
        if old is None:
            bisect.insort(self._keys, ids.key(resource_id))
        return new, new != old

    def delete(self, resource_id: str) -> bool:
        """Remove a resource and everything below it; return whether there was one."""
        with self._lock:
            own = ids.key(resource_id)
            gone = [*([own] if own in self._resources else []), *self._below(own)]
            removed = [self._resources.pop(k).id for k in gone]
            if gone:
                self._keys = sorted(self._resources)
        for one in removed:
            self._notify(one)
        return bool(removed)

    # -- observing -------------------------------------------------------------
    def on_change(self, observer: Observer) -> Callable[[], None]:
        """Call ``observer(id)`` after every change, on the writer's thread; return how to stop."""
        self._observers.append(observer)
        return lambda: self._observers.remove(observer)

    def _notify(self, resource_id: str) -> None:
        for observer in list(self._observers):
            observer(resource_id)

    # -- whole state -----------------------------------------------------------
    def dump(self) -> dict[str, Json]:
        """Return everything as JSON-able data in a stable order, for saving and comparing."""
        with self._lock:
            return {
                one.id: {"body": copy.deepcopy(one.body), "state": copy.deepcopy(one.state)}
                for _, one in sorted(self._resources.items())
            }

    def load(self, dump: dict[str, Json]) -> None:
        """Replace everything by what :meth:`dump` returned; observers hear of each difference."""
        with self._lock:
            before = self._resources
            self._resources = {
                ids.key(one): Resource(one, copy.deepcopy(saved["body"]), copy.deepcopy(saved["state"]))
                for one, saved in dump.items()
            }
            self._keys = sorted(self._resources)
            changed = [
                (self._resources.get(k) or before[k]).id
                for k in before.keys() | self._resources.keys()
                if before.get(k) != self._resources.get(k)
            ]
        for one in sorted(changed):
            self._notify(one)


def diff(before: dict[str, Json], after: dict[str, Json]) -> dict[str, tuple[Any, Any]]:
    """Compare two dumps.

    Returns:
        By dotted path from the id (``<id>:body.properties.x``), the value before and after;
        ``None`` stands for absent.

    >>> diff({"/a": {"body": {"x": 1}, "state": {}}}, {"/a": {"body": {"x": 2}, "state": {}}})
    {'/a:body.x': (1, 2)}
    """
    found: dict[str, tuple[Any, Any]] = {}
    for one in sorted(before.keys() | after.keys()):
        _compare(before.get(one), after.get(one), one + ":", found)
    return found


def _compare(before: Any, after: Any, path: str, found: dict[str, tuple[Any, Any]]) -> None:
    if isinstance(before, dict) and isinstance(after, dict):
        for name in sorted(before.keys() | after.keys()):
            inner = path + name if path.endswith(":") else f"{path}.{name}"
            _compare(before.get(name), after.get(name), inner, found)
    elif before != after:
        found[path] = (before, after)
