"""Look for what the browser tests need from the system, Chromium and a Chinese font; install what is missing by apt.

Fairway itself needs neither. Where they cannot be installed this says so plainly and is no failure: only the browser
tests cannot run then.
"""

import os
import shutil
import subprocess
import sys

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
CHINESE = ":lang=zh-cn"


def missing() -> list[str]:
    """Name the Debian packages of what is missing."""
    packages = [] if any(map(shutil.which, BROWSERS)) else ["chromium"]
    if not shutil.which("fc-list"):
        return [*packages, "fontconfig", "fonts-noto-cjk"]
    fonts = subprocess.run(["fc-list", CHINESE], capture_output=True, text=True, check=False).stdout
    return packages if fonts.strip() else [*packages, "fonts-noto-cjk"]


def as_root() -> list[str] | None:
    """Say what goes before a command that only root may run; None where nothing helps."""
    if os.geteuid() == 0:
        return []
    can = shutil.which("sudo") and subprocess.run(["sudo", "-n", "true"], capture_output=True).returncode == 0
    return ["sudo", "-n"] if can else None


def install(packages: list[str]) -> str:
    """Install Debian packages; return why it could not be done, empty when it was."""
    prefix = as_root()
    if not shutil.which("apt-get"):
        return "this system has no apt-get"
    if prefix is None:
        return "only root may install packages, and sudo asks for a password"
    command = [*prefix, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-y", "-q"]
    for step in (["update"], ["install", "--no-install-recommends", *packages]):
        done = subprocess.run([*command, *step], stdin=subprocess.DEVNULL, capture_output=True, text=True)
        # A failed update is no reason to stop: the lists at hand may do.
        if done.returncode and step[0] == "install":
            return (done.stderr.strip() or done.stdout.strip()).splitlines()[-1]
    return ""


def main() -> int:
    """Install what is missing, or say why not. Always returns 0."""
    packages = missing()
    if not packages:
        return 0
    names = " ".join(packages)
    print(f"== installing for the browser tests: {names} (this can take some minutes)", flush=True)
    if why := install(packages):
        print(f"!! not installed: {why}")
        print(f"!! the browser tests need: {names}. Everything else works without.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
