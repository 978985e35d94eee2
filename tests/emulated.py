"""Run pytest on an emulated aarch64 machine: Debian's kernel and packages under QEMU.

    python tests/emulated.py DIRECTORY --mirror=URL --target=reference --sweep=off --time-scale=20

makes a machine of Debian's packages and of this checkout, runs pytest in it as root with these
words, prints what it prints, and exits with its status.  DIRECTORY keeps what was fetched.  The
machine has neither disk nor network: all of it is in memory.

Needs qemu-system-aarch64 and dpkg-deb, and a Python that has pytest, pytest-xdist and pexpect,
which it takes along.  CI does not run this: emulation takes ten to twenty times as long.
"""

import argparse
import compileall
import hashlib
import importlib.metadata
import lzma
import os
import py_compile
import re
import shlex
import shutil
import stat
import subprocess
import sys
from pathlib import Path
from urllib.request import urlopen

CHECKOUT = Path(__file__).resolve().parents[1]
PARTS = "conftest.py docs fixtures pyproject.toml suites targets tests tox.ini".split()  # noqa: SIM905
INDEX = "dists/bookworm/main/binary-arm64/Packages.xz"
WANTED = """
    base-files base-passwd bash coreutils dash findutils grep hostname iproute2 kmod login mount
    libc6-dev linux-image-cloud-arm64 passwd procps python3 python3-jsonschema python3-psutil sed
    tcc util-linux
""".split()  # noqa: SIM905
# What others depend on for their installation alone.
LEFT_OUT = re.compile("awk|debianutils|init-sys|initramfs|libpam-runtime|linux-base|usrmerge")
PURE = ("pytest", "pytest-xdist", "pexpect")  # with all that they require: no machine code
INIT = """\
#!/bin/bash
export PATH=/usr/sbin:/usr/bin HOME=/root LANG=C.UTF-8 PYTHONPATH=/checkout/fixtures MOVED
mkdir -p /mnt /root && mount -t proc proc /proc
if [ -z "$MOVED" ]; then
    # pivot_root(2) cannot leave the first file system of a machine, but one that lies over it.
    mount --bind / /mnt && cd /mnt && mount --move . / && MOVED=yes exec chroot . /init
fi
mount -t sysfs sys /sys && mount -t devtmpfs dev /dev && mkdir /dev/pts /dev/shm
mount -t devpts -o ptmxmode=666 devpts /dev/pts
for directory in /dev/shm /run /tmp; do mount -t tmpfs -o mode=1777 tmpfs $directory; done
mount -t cgroup2 cgroup2 /sys/fs/cgroup
ln -s /proc/self/fd /dev/fd && ln -s tcc /usr/bin/cc
for module in overlay inet_diag tcp_diag udp_diag unix_diag; do
    insmod $(find /lib/modules -name $module.ko)
done
ip link set lo up
ulimit -Hn 20000  # the kernel has 4096; to a million, one control would count for minutes
cd /checkout && uname -a
{command}
echo "exit status: $?"
echo b >/proc/sysrq-trigger
"""


def main():
    parser = argparse.ArgumentParser(allow_abbrev=False, description=__doc__.split("\n")[0])
    parser.add_argument("directory", type=Path)
    parser.add_argument("--mirror", required=True, metavar="URL", help="of Debian's archive")
    parser.add_argument("--cpu", default="cortex-a72", help="as `qemu-system-aarch64 -cpu help`")
    parser.add_argument("--hours", type=float, default=1.0, help="after which the machine is ended")
    parser.add_argument("--command", help="a shell's line that is run instead of pytest")
    options, words = parser.parse_known_args()
    command = options.command or shlex.join(["python3", "-m", "pytest", *words])
    root, new, image = (options.directory / name for name in ("root", "new", "image.cpio"))
    if not root.exists():
        extract(fetch(options.mirror, options.directory / "packages"), new)
        new.rename(root)
    pack(image, root, command)
    sys.exit(boot(root, image, options.cpu, options.hours * 3600))


def fetch(mirror, into):
    """Fetch what is WANTED and all that it depends on; return the files."""
    into.mkdir(parents=True, exist_ok=True)
    index = lzma.decompress(urlopen(f"{mirror}/{INDEX}").read()).decode()
    field = re.compile(r"^([\w-]+): (.*)$", re.MULTILINE)
    described = [dict(field.findall(paragraph)) for paragraph in index.strip().split("\n\n")]
    known = {fields["Package"]: fields for fields in described}
    found, left = {}, list(WANTED)
    while left:
        name = left.pop()
        if name in found or LEFT_OUT.match(name):
            continue
        fields = found[name] = known[name]
        needed = f"{fields.get('Depends', '')},{fields.get('Pre-Depends', '')}"
        left += re.findall(r"(?:^|,)\s*([\w.+-]+)", needed)
    return [_package(mirror, into, fields) for fields in found.values()]


def _package(mirror, into, fields):
    path = into / Path(fields["Filename"]).name
    if not path.exists():
        content = urlopen(f"{mirror}/{fields['Filename']}").read()
        assert hashlib.sha256(content).hexdigest() == fields["SHA256"], path.name
        path.write_bytes(content)
    return path


def extract(packages, root):
    """Make the tree of a machine, with /usr merged (Debian's usrmerge(5))."""
    shutil.rmtree(root, ignore_errors=True)
    for name in ("bin", "lib", "sbin"):
        (root / "usr" / name).mkdir(parents=True)
        (root / name).symlink_to(f"usr/{name}")
    unpack = ("tar", "-x", "--keep-directory-symlink", "--no-same-owner", "-C", root)
    for package in packages:
        content = subprocess.check_output(("dpkg-deb", "--fsys-tarfile", package))
        subprocess.run(unpack, check=True, input=content)
    for name in ("passwd", "group"):
        shutil.copy(root / f"usr/share/base-passwd/{name}.master", root / "etc" / name)
    take_along(PURE, root / "usr/local/lib/python3.11/dist-packages")
    # The machine has the same bytecode if this is Python 3.11, and would need minutes for it.
    kind = py_compile.PycInvalidationMode.UNCHECKED_HASH
    compileall.compile_dir(root / "usr", quiet=2, stripdir=root, invalidation_mode=kind)


def take_along(names, into):
    """Copy distributions of this Python, and all that they require."""
    left, seen = list(names), set()
    while left:
        name = left.pop()
        if name in seen:
            continue
        seen.add(name)
        try:
            distribution = importlib.metadata.distribution(name)
        except importlib.metadata.PackageNotFoundError:
            continue  # for another system or Python
        for file in distribution.files:
            if ".." not in file.parts and file.suffix != ".pyc":
                (into / file).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(file.locate(), into / file)
        plain = [line for line in distribution.requires or () if "extra ==" not in line]
        left += [re.match(r"[\w.-]+", line)[0] for line in plain]


def pack(image, root, command):
    """Write the machine as the kernel takes it (driver-api/early-userspace/buffer-format)."""
    with open(image, "wb") as file:
        _entry(file, "init", stat.S_IFREG | 0o755, INIT.replace("{command}", command).encode())
        _entry(file, "dev", stat.S_IFDIR | 0o755)
        _entry(file, "dev/console", stat.S_IFCHR | 0o600, device=(5, 1))
        _tree(file, root, root, "")
        _entry(file, "checkout", stat.S_IFDIR | 0o755)
        for part in PARTS:
            _tree(file, CHECKOUT / part, CHECKOUT, "checkout/")
        _entry(file, "TRAILER!!!", 0)


def _tree(file, top, base, before):
    for path in [top, *sorted(top.rglob("*"))]:
        name = f"{before}{path.relative_to(base)}"
        unused = path.suffix == ".ko" and not path.stem.endswith(("overlay", "_diag"))
        old = base == CHECKOUT and "__pycache__" in path.parts
        if name == "." or name.startswith("boot/") or unused or old:
            continue
        linked = os.fsencode(os.readlink(path)) if path.is_symlink() else b""
        content = linked or (path.read_bytes() if path.is_file() else b"")
        _entry(file, name, path.lstat().st_mode, content)


def _entry(file, name, mode, content=b"", device=(0, 0)):
    packed = name.encode() + b"\0"
    words = (0, mode, 0, 0, 1, 0, len(content), 0, 0, *device, len(packed), 0)
    for piece in (b"070701" + b"".join(b"%08X" % word for word in words) + packed, content):
        file.write(piece)
        file.write(bytes(-file.tell() % 4))


def boot(root, image, cpu, seconds):
    """Run the machine; return the status of what ran in it, 3 where it did not come to an end."""
    (kernel,) = (root / "boot").glob("vmlinuz-*")
    command = (
        "timeout", str(seconds), "qemu-system-aarch64", "-M", "virt", "-cpu", cpu, "-smp", "2",
        "-m", "3G", "-nographic", "-no-reboot", "-nic", "none", "-kernel", kernel,
        "-initrd", image, "-append", "console=ttyAMA0 panic=-1 quiet",
    )  # fmt: skip
    seen = b""
    with subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE) as machine:
        while piece := machine.stdout.read1():
            os.write(1, piece)
            seen = (seen + piece)[-1000:]
    ended = re.search(rb"^exit status: (\d+)", seen, re.MULTILINE)
    return int(ended[1]) if ended else 3


if __name__ == "__main__":
    main()
