import HoneSandbox

extension Probe {
    static let files: [Probe] = [
        Probe("file", "read the passwords", script: #"attempt("shadow", lambda: read("/etc/shadow"))"#),
        Probe("file", "read the list of users", reachesFree: true, script: #"attempt("passwd", lambda: read("/etc/passwd"))"#),
        Probe("file", "read a file that everybody may read", reachesFree: true, script: #"attempt("canary", lambda: read(canary))"#),
        Probe("file", "list the folder it was started from", reachesFree: true, script: #"attempt("folder", lambda: os.listdir(folder))"#),
        Probe("file", "list root's home", script: #"attempt("root", lambda: os.listdir("/root"))"#),
        Probe("file", "list homes", reachesFree: true, script: #"attempt("home", lambda: os.listdir("/home"))"#),
        Probe("file", "list what runs and what is stored", reachesFree: true, script: #"attempt("var", lambda: os.listdir("/var")); attempt("run", lambda: os.listdir("/run"))"#),
        Probe("file", "list the kernel's settings of devices", reachesFree: true, script: #"attempt("sys", lambda: os.listdir("/sys"))"#),
        Probe("file", "a symbolic link out of the folder", reachesFree: true, script: #"os.symlink(canary, "link"); attempt("link", lambda: read("link"))"#),
        Probe("file", "a hard link out of the folder", script: #"attempt("link", lambda: os.link(canary, "link") or read("link"))"#),
        Probe("file", "climb by dots", reachesFree: true, script: #"attempt("dots", lambda: read("../" * 40 + canary))"#),
        Probe("file", "the roots and folders of processes", reachesFree: true, script: #"""
            for link in ["self/root", "1/root", "1/cwd", "2/root", "2/cwd"]: attempt(link, lambda: read("/proc/" + link + "/" + canary))
            """#),
        Probe("file", "descriptors that lead up", script: #"""
            fd = os.open("/", os.O_RDONLY)
            for _ in range(8): fd = os.open("..", os.O_RDONLY, dir_fd=fd)
            attempt("above the root", lambda: os.open(canary.lstrip("/"), os.O_RDONLY, dir_fd=fd))
            """#),
        Probe("file", "write programs and settings", script: #"""
            for path in ["/usr/probe", "/usr/bin/probe", "/usr/local/probe", "/etc/probe", "/bin/probe", "/lib/probe", "/probe", "/dev/probe", "/proc/probe"]:
                attempt(path, lambda: open(path, "w"))
            """#),
        Probe("file", "change a program", script: #"""
            attempt("mode", lambda: os.chmod("/usr/bin/python3", 0o777)); attempt("owner", lambda: os.chown("/usr/bin", 65534, 65534))
            attempt("append", lambda: open("/usr/bin/env", "ab")); attempt("remove", lambda: os.remove("/usr/bin/env"))
            """#),
        Probe("file", "write a given file", reachesFree: true, script: #"attempt("write", lambda: open("given.txt", "w").write("changed"))"#),
        Probe("file", "replace or remove a given file", script: #"""
            open("other", "w").write("changed")
            attempt("rename", lambda: os.rename("other", "given.txt")); attempt("remove", lambda: os.remove("given.txt"))
            attempt("mode", lambda: os.chmod("given.txt", 0o666) or open("given.txt", "w"))
            """#),
        Probe("file", "devices of disks, memory and the kernel", script: #"""
            names = ["sda", "vda", "nvme0n1", "mem", "kmsg", "kvm", "fuse", "loop-control", "net/tun", "ptmx", "tty", "vsock", "userfaultfd"]
            for name in names: attempt(name, lambda: os.open("/dev/" + name, os.O_RDONLY))
            """#),
        Probe("file", "make a device", script: #"attempt("mknod", lambda: os.mknod("disk", 0o060666, os.makedev(254, 0)))"#),
        Probe("file", "settings of the kernel", script: #"""
            for name in ["kernel/hostname", "kernel/core_pattern", "vm/drop_caches", "kernel/ns_last_pid", "user/max_user_namespaces"]:
                attempt(name, lambda: os.open("/proc/sys/" + name, os.O_WRONLY))
            attempt("sysrq", lambda: os.open("/proc/sysrq-trigger", os.O_WRONLY))
            """#),
        Probe("file", "a file beyond the limit", reachesFree: true, limits: { $0.fileSize = 1 << 20 }, script: #"""
            def grow():
                with open("big", "wb", 0) as file:
                    for _ in range(40):
                        if file.write(bytes(100_000)) < 100_000: raise OSError(errno.EFBIG, "cut")
            attempt("4 MB", grow)
            """#),
        Probe("file", "a hole beyond the limit", limits: { $0.fileSize = 1 << 20 }, script: #"attempt("hole", lambda: os.truncate(os.open("big", os.O_CREAT | os.O_RDWR), 1 << 30))"#),
        Probe("file", "a file beyond the limit, without a care", .shell, .limit(.fileSize), limits: { $0.fileSize = 1 << 20 }, script: "cat /dev/zero >big"),
        Probe("file", "fill the folder", limits: { $0.scratch = 4 << 20 }, script: #"""
            def fill():
                for number in range(20):
                    with open(str(number), "wb") as file: file.write(bytes(1 << 20))
            attempt("20 MB", fill)
            """#),
        Probe("file", "fill other places in memory", script: #"""
            for place in ["/", "/dev", "/dev/shm", "/run", "/var/tmp", "/proc", "/etc"]: attempt(place, lambda: os.open(place, os.O_TMPFILE | os.O_RDWR))
            """#),
        Probe("file", "more files than can be counted", .shell, .limit(.scratchFiles), script: "i=0; while :; do : >$i; i=$((i+1)); done"),
    ]
}
