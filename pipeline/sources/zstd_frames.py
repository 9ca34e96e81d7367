"""Whether a zstd file ends where a frame does.

A file that was cut short unpacks without a word of complaint up to the cut. So the frames and blocks of the packed
bytes are counted on their way to the decompressor, by their headers alone (RFC 8878, "Zstandard Compression").
"""

from io import BufferedIOBase

_FRAME = b"\x28\xb5\x2f\xfd"
_ID_BYTES = (0, 1, 2, 4)
_SIZE_BYTES = (0, 2, 4, 8)
_REPEATED = 1  # type of a block that holds one byte, to be repeated


class Counted:
    """A packed file that is read from its start on, with how far its frames have come."""

    def __init__(self, disk: BufferedIOBase) -> None:
        """disk: an open file, at its start."""
        self._disk = disk
        self._held = b""  # bytes of a header that has not come whole
        self._skip = 0  # bytes of a block, or of what is to be skipped, that are still to come
        self._inside = False  # whether a block follows, not a frame
        self._checksum = 0

    @property
    def whole(self) -> bool:
        """Whether all that was read so far is frames with their ends."""
        return not (self._inside or self._skip or self._held)

    def read(self, size: int = -1) -> bytes:
        """Read as from the file itself."""
        packed = self._disk.read(size)
        self._count(packed)
        return packed

    def _count(self, packed: bytes) -> None:
        at = 0
        while at < len(packed):
            if self._skip:
                step = min(self._skip, len(packed) - at)
                self._skip -= step
                at += step
                continue
            # The longest header is of 18 bytes; what was held is part of the one that begins here.
            head = self._held + packed[at : at + 32]
            used = self._block(head) if self._inside else self._frame(head)
            if not used:
                self._held = head
                return
            at += used - len(self._held)
            self._held = b""

    def _block(self, head: bytes) -> int:
        """Read a block's header; give its length, 0 if more bytes are needed."""
        if len(head) < 3:
            return 0
        told = int.from_bytes(head[:3], "little")
        last, kind, size = told & 1, told >> 1 & 3, told >> 3
        self._skip = 1 if kind == _REPEATED else size
        if last:
            self._skip += self._checksum
            self._inside = False
        return 3

    def _frame(self, head: bytes) -> int:
        """Read a frame's header; give its length, 0 if more bytes are needed."""
        if len(head) < 5:
            return 0
        if head[:4] != _FRAME:  # one to skip, with its size
            self._skip = int.from_bytes(head[4:8], "little") if len(head) >= 8 else 0
            return 8 if len(head) >= 8 else 0
        told = head[4]
        single = told >> 5 & 1
        size = _SIZE_BYTES[told >> 6] or single
        length = 5 + (not single) + _ID_BYTES[told & 3] + size
        if len(head) < length:
            return 0
        self._checksum = 4 if told >> 2 & 1 else 0
        self._inside = True
        return length
