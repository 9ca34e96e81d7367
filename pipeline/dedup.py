"""Which posts are copies of which: re-posts, cross-posts, retweets, near copies, and passages copied from others.

Words are cut into overlapping runs of five; two posts are as alike as their sets of runs are (Jaccard). Which pairs to
compare is found by winnowing (Schleimer, Wilkerson, Aiken 2003, "Winnowing: local algorithms for document
fingerprinting"): of every eight neighbouring runs the one with the least hash is kept, so that two posts that share
twelve words in a row share a fingerprint for certain. Work grows with the number of words, not with pairs of posts.
"""

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

import numpy as np
import numpy.typing as npt

Kind = Literal["exact", "near", "crosspost", "quote"]

RUN = 5  # words
WINDOW = 8  # runs of which one is kept
SHORT = 8  # words; a shorter post is compared whole, and with its own author's posts only
PASSAGE = 16  # runs; so many in common (20 words in a row) are no chance
_CHUNK = 20_000  # posts at a time
_COMPARED = 4  # candidates of a post that are compared in full
_LATE = datetime.max.replace(tzinfo=UTC)

Hashes = npt.NDArray[np.uint64]
Places = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Entry:
    """One post to compare.

    text: own words; at: when it was posted, in UTC; place: the board or subreddit; declared: id of the post that the
    site itself says this one is a copy of (Reddit's crosspost_parent).
    """

    post_id: str
    author_id: str | None
    text: str
    at: datetime | None = None
    place: str | None = None
    declared: str | None = None


@dataclass(frozen=True, slots=True)
class Link:
    """One post that copies an earlier one.

    copy_of: the first post of its line; similarity: 0 to 1, with the post it is most like: for a quote the share of
    the later post that is copied, else Jaccard on runs of five words. kind: "exact": the same words; "near": at least
    the threshold alike; "crosspost": either of these by the same author in another place, or declared; "quote": by
    another author, with a passage of at least 20 words, and words of its own.
    """

    post_id: str
    copy_of: str
    similarity: float
    kind: Kind


def links(entries: Iterable[Entry], *, threshold: float = 0.9) -> list[Link]:
    """Find the copies among posts, at most one link for each; the earliest post is the original.

    The same posts give the same links in whatever order they come. A post without a time is later than all with one;
    equal times go by post_id. threshold: least similarity of a near copy, above 0 and at most 1 (ValueError).
    Near copies by one author whose numbers differ are none: a diary that changes only the dose says something new.
    """
    if not 0 < threshold <= 1:
        raise ValueError(f"threshold {threshold}: must be above 0 and at most 1")
    posts = sorted({e.post_id: e for e in entries}.values(), key=lambda e: (e.at or _LATE, e.post_id))
    found: dict[int, tuple[int, float, Kind]] = {}
    rank = {e.post_id: n for n, e in enumerate(posts)}
    for number, post in enumerate(posts):
        original = rank.get(post.declared or "")
        if original is not None and original < number:
            found[number] = (original, 1.0, "crosspost")
    words = [_words(e.text) for e in posts]
    _exact(posts, words, found)
    _alike(posts, words, found, threshold)
    return [Link(posts[n].post_id, posts[_first(n, found)].post_id, s, k) for n, (_, s, k) in sorted(found.items())]


def _first(number: int, found: dict[int, tuple[int, float, Kind]]) -> int:
    """Follow copies of copies to the original; a quote is followed once, as what it quotes is another's whole post."""
    earlier, _, kind = found[number]
    while earlier in found and found[earlier][2] != "quote" and kind != "quote":
        earlier = found[earlier][0]
    return earlier


_ADDRESS = re.compile(r"(?:https?://|www\.)\S+")
_RETWEET = re.compile(r"^\s*(?:rt\b\s*)?(?:@\w+:?\s*)*", re.IGNORECASE)
_WORD = re.compile(r"\d+|[^\W\d_]+")


def _words(text: str) -> list[str]:
    """Give words and numbers in lower case, without addresses and the head of a retweet; "20mg" is two."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    return _WORD.findall(_ADDRESS.sub(" ", _RETWEET.sub("", plain, count=1)))


def _exact(posts: list[Entry], words: list[list[str]], found: dict[int, tuple[int, float, Kind]]) -> None:
    """Link posts of the same words; short ones only within an author."""
    seen: dict[tuple[str | None, bytes], int] = {}
    for number, (post, said) in enumerate(zip(posts, words, strict=True)):
        if number in found or not said or (len(said) < SHORT and post.author_id is None):
            continue
        whose = post.author_id if len(said) < SHORT else None
        key = (whose, hashlib.blake2b(" ".join(said).encode(), digest_size=16).digest())
        first = seen.setdefault(key, number)
        if first != number:
            found[number] = (first, 1.0, _kind(posts[first], post, "exact"))


def _kind(earlier: Entry, later: Entry, kind: Kind) -> Kind:
    same = later.author_id is not None and later.author_id == earlier.author_id
    return "crosspost" if same and later.place != earlier.place else kind


def _alike(
    posts: list[Entry], words: list[list[str]], found: dict[int, tuple[int, float, Kind]], threshold: float
) -> None:
    """Link near copies and quotes among the posts that are no exact copies."""
    numbers = [n for n, said in enumerate(words) if len(said) >= SHORT and n not in found]
    runs = _Runs([words[n] for n in numbers])
    for later, earlier in runs.candidates():
        best: tuple[int, float, Kind] | None = None
        for other in earlier:
            link = _compared(posts, words, runs, numbers, later, other, threshold)
            if link and (best is None or _better(link, best)):
                best = link
        if best:
            found[numbers[later]] = best


def _better(one: tuple[int, float, Kind], other: tuple[int, float, Kind]) -> bool:
    return (one[2] != "quote", one[1], -one[0]) > (other[2] != "quote", other[1], -other[0])


def _compared(
    posts: list[Entry],
    words: list[list[str]],
    runs: "_Runs",
    numbers: list[int],
    later: int,
    other: int,
    threshold: float,
) -> tuple[int, float, Kind] | None:
    new, old = numbers[later], numbers[other]
    ours, theirs = runs.of(later), runs.of(other)
    shared = len(np.intersect1d(ours, theirs, assume_unique=True))
    alike = shared / (len(ours) + len(theirs) - shared)
    same_author = posts[new].author_id is not None and posts[new].author_id == posts[old].author_id
    if alike >= threshold:
        if same_author and _numerals(words[new]) != _numerals(words[old]):
            return None
        return old, alike, _kind(posts[old], posts[new], "near")
    if shared >= PASSAGE and not same_author:
        return old, shared / len(ours), "quote"
    return None


def _numerals(words: list[str]) -> set[str]:
    return {w for w in words if w.isdigit()}


class _Runs:
    """The runs of five words of many posts, as hashes, and which posts may be alike by them."""

    def __init__(self, posts: list[list[str]]) -> None:
        self._codes: dict[str, int] = {}
        hashes: list[Hashes] = []
        prints: list[Hashes] = []
        owners: list[Places] = []
        ends: list[Places] = [np.zeros(1, np.int64)]
        done = 0
        for begin in range(0, len(posts), _CHUNK):
            some = posts[begin : begin + _CHUNK]
            made, counts = self._hashed(some)
            least, whose = _winnowed(made, counts)
            hashes.append(made)
            prints.append(least)
            owners.append(whose + begin)
            ends.append(done + np.cumsum(counts))
            done += len(made)
        self._hashes = _joined(hashes)
        self._ends: Places = np.concatenate(ends)
        self._prints = _joined(prints)
        self._owners: Places = np.concatenate(owners) if owners else np.zeros(0, np.int64)
        self._codes.clear()

    def of(self, number: int) -> Hashes:
        """Give the set of a post's runs."""
        return np.unique(self._hashes[self._ends[number] : self._ends[number + 1]])

    def candidates(self) -> Iterator[tuple[int, list[int]]]:
        """Give each post that shares a fingerprint with an earlier one, and the earlier ones that share most.

        Of all posts with a fingerprint, each is set beside the first and the one before it: a line of copies is found
        whole, and a phrase that everybody uses costs no more than two comparisons a post.
        """
        order = np.lexsort((self._owners, self._prints))
        prints, owners = self._prints[order], self._owners[order]
        if not len(prints):
            return
        fresh = np.concatenate(([True], prints[1:] != prints[:-1]))
        first = owners[np.maximum.accumulate(np.where(fresh, np.arange(len(prints)), 0))]
        before = np.concatenate(([0], owners[:-1]))
        later = np.concatenate((owners[~fresh], owners[~fresh]))
        earlier = np.concatenate((first[~fresh], before[~fresh]))
        kept = later != earlier
        pairs = np.stack((later[kept], earlier[kept]), axis=1)
        if not len(pairs):
            return
        found, counts = np.unique(pairs, axis=0, return_counts=True)
        best = np.lexsort((found[:, 1], -counts, found[:, 0]))
        ranked = found[best]
        starts = np.flatnonzero(np.concatenate(([True], ranked[1:, 0] != ranked[:-1, 0])))
        for begin, end in zip(starts, [*starts[1:], len(ranked)], strict=True):
            yield int(ranked[begin, 0]), [int(n) for n in ranked[begin : min(end, begin + _COMPARED), 1]]

    def _hashed(self, posts: list[list[str]]) -> tuple[Hashes, Places]:
        """Give the hashes of all runs of posts, one after the other, and how many each post has."""
        codes = self._codes
        flat: list[int] = []
        for words in posts:
            for word in words:
                code = codes.get(word)
                if code is None:
                    digest = hashlib.blake2b(word.encode("utf-8", "replace"), digest_size=8).digest()
                    code = codes[word] = int.from_bytes(digest, "big")
                flat.append(code)
        all_ = np.array(flat, dtype=np.uint64)
        lengths = np.array([len(w) for w in posts], dtype=np.int64)
        ends = np.repeat(np.cumsum(lengths), lengths)
        whole = np.flatnonzero(np.arange(len(all_)) + RUN <= ends)
        mixed = np.zeros(len(whole), dtype=np.uint64)
        for step in range(RUN):
            mixed = (mixed * np.uint64(0x9E3779B97F4A7C15)) ^ (mixed >> np.uint64(29))
            mixed += all_[whole + step]
        mixed ^= mixed >> np.uint64(32)
        mixed *= np.uint64(0xD6E8FEB86659FD93)
        mixed ^= mixed >> np.uint64(32)
        return mixed, lengths - RUN + 1


def _winnowed(hashes: Hashes, counts: Places) -> tuple[Hashes, Places]:
    """Give the least hash of every window of neighbouring runs, without repeats, and whose it is."""
    ends = np.repeat(np.cumsum(counts), counts)
    owners = np.repeat(np.arange(len(counts)), counts)
    least = hashes.copy()
    for step in range(1, WINDOW):
        inside = np.flatnonzero(np.arange(len(hashes)) + step < ends)
        least[inside] = np.minimum(least[inside], hashes[inside + step])
    if not len(least):
        return least, owners
    fresh = np.concatenate(([True], (least[1:] != least[:-1]) | (owners[1:] != owners[:-1])))
    return least[fresh], owners[fresh]


def _joined(parts: list[Hashes]) -> Hashes:
    return np.concatenate(parts) if parts else np.zeros(0, np.uint64)
