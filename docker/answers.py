# ruff: noqa: INP001 - copied into an image by itself
"""Whether this container answers: `answers.py PORT PATH` exits with 0 if it does, with 1 if not.

Slim images have no curl. Proxies of the environment are not asked: it is about this container.
"""

import http.client
import sys


def answers(port: int, path: str) -> bool:
    """Whether `GET path` on this machine's loopback is answered with success in three seconds."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=3)
    try:
        connection.request("GET", path)
        return connection.getresponse().status == http.HTTPStatus.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


if __name__ == "__main__":
    raise SystemExit(not answers(int(sys.argv[1]), sys.argv[2]))
