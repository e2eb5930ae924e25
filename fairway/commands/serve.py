"""`fairway serve`: web server and worker in one process tree."""

import argparse
import os
from pathlib import Path

from fairway import folder, supervisor

HELP = "Serve the site: web server and worker in one process tree."
EXAMPLES = """  fairway serve                                   on http://127.0.0.1:8000
  fairway serve --port 9000 --workers 4           more web processes
  fairway serve --host 0.0.0.0 --no-worker        a web node; run `fairway worker` elsewhere"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default: %(default)s)")
    parser.add_argument(
        "--port", type=int, default=int(os.environ.get("PORT") or 8000), help="port (default: $PORT or 8000)"
    )
    parser.add_argument("--workers", type=int, default=1, help="web processes (default: %(default)s)")
    parser.add_argument("--threads", type=int, default=4, help="threads of each web process (default: %(default)s)")
    parser.add_argument("--no-worker", action="store_true", help="leave the clocks and messages to another process")


def run(args: argparse.Namespace) -> int:
    """Serve until SIGTERM or SIGINT."""
    home = folder.make()
    with folder.running(home):
        return _serve(home, args)


def _serve(home: Path, args: argparse.Namespace) -> int:
    if not folder.is_prepared(home) and (status := supervisor.prepare()):
        return status
    print(f"Fairway: http://{args.host}:{args.port}  (data in {home})", flush=True)
    children = [supervisor.web(args.host, args.port, workers=args.workers, threads=args.threads)]
    if not args.no_worker:
        children.append(supervisor.worker(delay=1.0))
    return supervisor.Supervisor(children).run()
