"""`fairway serve`: web server and worker in one process tree."""

import argparse
import os
import sys
from pathlib import Path

from fairway import folder, setup_code, supervisor

HELP = "Serve the site: web server and worker in one process tree."
EXAMPLES = """  fairway serve                                   on http://127.0.0.1:8000
  fairway serve --port 9000 --workers 4           more web processes
  fairway serve --host 0.0.0.0 --no-worker        a web node; run `fairway worker` elsewhere"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default: %(default)s)")
    parser.add_argument(
        "--port", type=_port, default=os.environ.get("PORT") or "8000", help="port (default: $PORT or 8000)"
    )
    parser.add_argument("--workers", type=int, default=1, help="web processes (default: %(default)s)")
    parser.add_argument("--threads", type=int, default=4, help="threads of each web process (default: %(default)s)")
    parser.add_argument("--no-worker", action="store_true", help="leave the clocks and messages to another process")


def _port(text: str) -> int:
    if not text.isdecimal() or not 0 < int(text) < 1 << 16:
        raise argparse.ArgumentTypeError(f"a port is a number from 1 to 65535, not {text!r}")
    return int(text)


def run(args: argparse.Namespace) -> int:
    """Serve until SIGTERM or SIGINT."""
    home = folder.make()
    with folder.running(home):
        return _serve(home, args)


def _serve(home: Path, args: argparse.Namespace) -> int:
    if problem := supervisor.why_not_listen(args.host, args.port):
        print(f"fairway serve: {args.host}:{args.port}: {problem}", file=sys.stderr)
        return 1
    if not folder.is_prepared(home) and (status := supervisor.prepare()):
        return status
    print(f"Fairway: http://{args.host}:{args.port}  (data in {home})", flush=True)
    if code := setup_code.wanted():
        print(f"Nobody is here yet: open the page and enter the set-up code  {code}", flush=True)
    children = supervisor.web(args.host, args.port, workers=args.workers, threads=args.threads)
    if not args.no_worker:
        children.append(supervisor.worker(delay=1.0))
    return supervisor.Supervisor(children).run()
