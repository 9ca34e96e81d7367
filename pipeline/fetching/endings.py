"""Pages that end in the middle though their length is right: a proxy, or the site itself, gave up half-way.

Half a page reads like a short one: its posts would be missing, and nobody would know. A page of HTML that opens and
never closes is asked for again, and if it is cut off again refused, unless its site is one that closes no page.
"""

import re

from pipeline.archive import Archive
from pipeline.fetching.address import site_of

_OPENS = re.compile(rb"<!doctype html|<html[\s>]", re.IGNORECASE)
_ENOUGH = 4  # addresses of a site that closed no page, and none that did: so it is with this site
_LOOKED_AT = 12  # newest pages of the archive that are asked how it is with a site


class Endings:
    """What is known of the sites of one crawl: whether they close their pages."""

    def __init__(self, archive: Archive | None) -> None:
        self._archive = archive
        self._closes: set[tuple[str, int]] = set()
        self._open: dict[tuple[str, int], set[str]] = {}

    def cut_off(self, url: str, body: bytes) -> bool:
        """Tell whether a page ends in the middle, as far as can be told."""
        site = site_of(url)
        if site not in self._open:
            self._open[site] = set()
            self._look_back(site)
        if not _OPENS.search(body[:1024]):
            return False
        if _closed(body):
            self._closes.add(site)
            return False
        self._open[site].add(url)
        return site in self._closes or len(self._open[site]) < _ENOUGH

    def _look_back(self, site: tuple[str, int]) -> None:
        if self._archive is None:
            return
        for kept in self._archive.newest(_LOOKED_AT):
            if site_of(kept.capture.url) == site and _OPENS.search(kept.body[:1024]):
                if _closed(kept.body):
                    self._closes.add(site)
                else:
                    self._open[site].add(kept.capture.url)


def _closed(body: bytes) -> bool:
    return b"</html" in body[-65536:].lower()
