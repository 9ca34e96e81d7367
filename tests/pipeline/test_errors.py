"""What a log may say of an error."""

import pytest

from pipeline.errors import CorpusError, Forbidden, RateLimited, SourceError, cause
from pipeline.fetching.turns import HostDown


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (
            HostDown(
                "http://u:word@127.0.0.1:48999/thread/my-secret?t=3: nothing is fetched from there until its robots.txt "
                "can be read (http://127.0.0.1:48999/robots.txt: no connection ([Errno 111] Connection refused), 5 times)"
            ),
            "HostDown, 127.0.0.1:48999, robots.txt, no connection",
        ),
        (
            HostDown("forum.example:443: failed 10 times in a row, at last with answer 503; left alone for 3 s more"),
            "HostDown, forum.example:443, answer 503",
        ),
        (RateLimited("https://forum.example/u/a-name: answer 429 5 times"), "RateLimited, forum.example, answer 429"),
        (Forbidden("https://[::1]:8/u/a-name: robots.txt does not allow it"), "Forbidden, [::1]:8, robots.txt"),
        (CorpusError("/mnt/a-name/corpus: No space left on device"), "CorpusError, No space left on device"),
        (SourceError("board: took longer than the study's source_hours"), "SourceError, source_hours"),
        (SourceError("a-name.jsonl: no such file"), "SourceError"),
    ],
)
def test_a_log_names_kind_host_and_trouble_and_no_address(error: Exception, told: str) -> None:
    assert cause(error) == told
