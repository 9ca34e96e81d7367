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

Found = dict[int, tuple[int, float, Kind]]  # place of a post to that of the earlier one, similarity, kind
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
    found: Found = {}
    rank = {e.post_id: n for n, e in enumerate(posts)}
    for number, post in enumerate(posts):
        original = rank.get(post.declared or "")
        if original is not None and original < number:
            found[number] = (original, 1.0, "crosspost")
    _alike(posts, _read(posts, found), found, threshold)
    return [Link(posts[n].post_id, posts[_first(n, found)].post_id, s, k) for n, (_, s, k) in sorted(found.items())]


def _first(number: int, found: Found) -> int:
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
    if plain.lstrip().startswith(("rt", "@")):
        plain = _RETWEET.sub("", plain, count=1)
    if "http" in plain or "www." in plain:
        plain = _ADDRESS.sub(" ", plain)
    return _WORD.findall(plain)


def _read(posts: list[Entry], found: Found) -> "_Runs":
    """Link posts of the same words, short ones only within an author; give the runs of those that are left."""
    seen: dict[tuple[str | None, bytes], int] = {}
    runs = _Runs()
    for begin in range(0, len(posts), _CHUNK):
        left: list[tuple[int, list[str]]] = []
        for number in range(begin, min(begin + _CHUNK, len(posts))):
            post, said = posts[number], _words(posts[number].text)
            if number in found or not said or (len(said) < SHORT and post.author_id is None):
                continue
            whose = post.author_id if len(said) < SHORT else None
            key = (whose, hashlib.blake2b(" ".join(said).encode(), digest_size=16).digest())
            first = seen.setdefault(key, number)
            if first != number:
                found[number] = (first, 1.0, _kind(posts[first], post, "exact"))
            elif len(said) >= SHORT:
                left.append((number, said))
        runs.add(left)
    return runs


def _kind(earlier: Entry, later: Entry, kind: Kind) -> Kind:
    same = later.author_id is not None and later.author_id == earlier.author_id
    return "crosspost" if same and later.place != earlier.place else kind


def _alike(posts: list[Entry], runs: "_Runs", found: Found, threshold: float) -> None:
    """Link near copies and quotes among the posts that are no exact copies."""
    for later, earlier in runs.candidates():
        compared = (_compared(posts, runs, later, other, threshold) for other in earlier)
        likest = max((link for link in compared if link), key=_worth, default=None)
        if likest:
            found[runs.numbers[later]] = likest


def _worth(link: tuple[int, float, Kind]) -> tuple[bool, float, int]:
    """Rank links: a copy before a quote, then the likest, then the earliest."""
    earlier, similarity, kind = link
    return kind != "quote", similarity, -earlier


def _compared(
    posts: list[Entry], runs: "_Runs", later: int, other: int, threshold: float
) -> tuple[int, float, Kind] | None:
    new, old = runs.numbers[later], runs.numbers[other]
    ours, theirs = runs.of(later), runs.of(other)
    shared = len(np.intersect1d(ours, theirs, assume_unique=True))
    alike = shared / (len(ours) + len(theirs) - shared)
    same_author = posts[new].author_id is not None and posts[new].author_id == posts[old].author_id
    if alike >= threshold:
        if same_author and _numerals(posts[new]) != _numerals(posts[old]):
            return None
        return old, alike, _kind(posts[old], posts[new], "near")
    if shared >= PASSAGE and not same_author:
        return old, shared / len(ours), "quote"
    return None


def _numerals(post: Entry) -> set[str]:
    return {w for w in _words(post.text) if w.isdigit()}


class _Codes(dict[str, int]):
    """Words to hashes that are the same in every process, made when they are first asked for."""

    def __missing__(self, word: str) -> int:
        digest = hashlib.blake2b(word.encode("utf-8", "replace"), digest_size=8).digest()
        code = self[word] = int.from_bytes(digest, "big")
        return code


class _Runs:
    """The runs of five words of many posts, as hashes, and which posts may be alike by them."""

    def __init__(self) -> None:
        self._codes = _Codes()
        self._hashes: list[Hashes] = []
        self._prints: list[Hashes] = []
        self._owners: list[Places] = []
        self._begins: list[int] = [0]
        self.numbers: list[int] = []
        self._all: Hashes = np.zeros(0, np.uint64)

    def add(self, posts: list[tuple[int, list[str]]]) -> None:
        """Take in posts, each a number and at least five words; they are counted on from 0, in order."""
        if not posts:
            return
        made, counts = self._hashed([words for _, words in posts])
        least, whose = _winnowed(made, counts)
        self._hashes.append(made)
        self._prints.append(least)
        self._owners.append(whose + len(self.numbers))
        self._begins += (self._begins[-1] + np.cumsum(counts)).tolist()
        self.numbers += [number for number, _ in posts]

    def of(self, number: int) -> Hashes:
        """Give the set of a post's runs."""
        begin, end = self._begins[number], self._begins[number + 1]
        return np.unique(self._all[begin:end])

    def candidates(self) -> Iterator[tuple[int, list[int]]]:
        """Give each post that shares a fingerprint with an earlier one, and the earlier ones that share most.

        Of all posts with a fingerprint, each is set beside the first and the one before it: a line of copies is found
        whole, and a phrase that everybody uses costs no more than two comparisons a post.
        """
        if not self.numbers:
            return
        self._all = np.concatenate(self._hashes)
        prints, owners = np.concatenate(self._prints), np.concatenate(self._owners)
        order = np.argsort(prints, kind="stable")  # owners rise within each, as they came
        prints, owners = prints[order], owners[order]
        fresh = np.concatenate(([True], prints[1:] != prints[:-1]))
        first = owners[np.maximum.accumulate(np.where(fresh, np.arange(len(prints)), 0))]
        before = np.concatenate(([0], owners[:-1]))
        later = np.concatenate((owners[~fresh], owners[~fresh]))
        earlier = np.concatenate((first[~fresh], before[~fresh]))
        kept = later != earlier
        pairs, counts = np.unique(later[kept] * len(self.numbers) + earlier[kept], return_counts=True)
        later, earlier = np.divmod(pairs, len(self.numbers))
        best = np.lexsort((earlier, -counts, later))
        later, earlier = later[best], earlier[best]
        starts = np.flatnonzero(np.diff(later, prepend=-1))
        for begin, end in zip(starts, np.append(starts, len(later))[1:], strict=True):
            yield int(later[begin]), earlier[begin : min(end, begin + _COMPARED)].tolist()

    def _hashed(self, posts: list[list[str]]) -> tuple[Hashes, Places]:
        """Give the hashes of all runs of posts, one after the other, and how many each post has."""
        flat: list[int] = []
        for words in posts:
            flat.extend(map(self._codes.__getitem__, words))
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
    fresh = np.concatenate(([True], (least[1:] != least[:-1]) | (owners[1:] != owners[:-1])))
    return least[fresh], owners[fresh]
