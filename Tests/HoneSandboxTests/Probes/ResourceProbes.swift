import HoneSandbox

extension Probe {
    static let memory: [Probe] = [
        Probe("memory", "one large piece", reachesFree: true, script: #"attempt("2 GiB", lambda: len(mmap.mmap(-1, 2 << 30)))"#),
        Probe("memory", "one large piece in Python", script: #"attempt("2 GiB", lambda: len(bytearray(2 << 30)))"#),
        Probe("memory", "growth without end", script: #"""
            pieces = []
            def grow():
                while len(pieces) < 2000: pieces.append(bytes([1]) * (1 << 20))
            attempt("2 GB", grow)
            """#),
        Probe("memory", "many that hold a little less than the limit", .python, .limit(.memory), limits: { $0.memory = 128 << 20 }, script: #"""
            for _ in range(5):
                if os.fork() == 0:
                    piece = bytes([1]) * (80 << 20)
                    while True: time.sleep(1)
            while True: time.sleep(1)
            """#),
        Probe("memory", "a shared file system in memory", reachesFree: true, script: #"""
            attempt("shm", lambda: (open("/dev/shm/hone-probe", "w"), os.remove("/dev/shm/hone-probe")))
            """#),
        Probe("memory", "files in memory", reachesFree: true, script: #"attempt("memfd", lambda: os.memfd_create("probe"))"#),
        Probe("memory", "segments that nobody counts", reachesFree: true, script: #"""
            def segment(): number = c(libc.shmget(0, 4096, 0o1600)); libc.shmctl(number, 0, None)
            attempt("shmget", segment)
            """#),
        Probe("memory", "messages that nobody counts", script: #"""
            attempt("msgget", lambda: c(libc.msgget(0, 0o1600))); attempt("semget", lambda: c(libc.semget(0, 1, 0o1600)))
            attempt("mq_open", lambda: c(libc.syscall(180 if arm else 240, b"probe", os.O_CREAT | os.O_RDWR, 0o600, None)))
            """#),
        Probe("memory", "memory that stays", script: #"attempt("mlock", lambda: (m := mmap.mmap(-1, 8 << 20)) and c(libc.mlock(ctypes.byref(ctypes.c_char.from_buffer(m)), ctypes.c_size_t(8 << 20))))"#),
        Probe("memory", "a stack without end", .python, .ends, limits: { $0.memory = 64 << 20 }, script: #"""
            sys.setrecursionlimit(1 << 30)
            def down(): return [down()]
            down(); print("REACHED")
            """#),
    ]

    static let time: [Probe] = [
        Probe("time", "a loop without end", .python, .limit(.processorTime), limits: { $0.processorTime = 0.5 }, script: "while True: pass"),
        Probe("time", "a loop that ignores all signals", .python, .limit(.processorTime), limits: { $0.processorTime = 0.5 }, script: #"""
            for number in range(1, 65):
                try: signal.signal(number, signal.SIG_IGN)
                except (OSError, ValueError): pass
            while True: pass
            """#),
        Probe("time", "many short loops together", .python, .limit(.processorTime), limits: { $0.processorTime = 2 }, script: #"""
            while True:
                if os.fork() == 0:
                    end = time.process_time() + 0.1
                    while time.process_time() < end: pass
                    os._exit(0)
                os.wait()
            """#),
        Probe("time", "sleep", .python, .limit(.time), limits: { $0.time = 0.3 }, script: "time.sleep(1000)"),
        Probe("time", "sleep in the shell, deaf to signals", .shell, .limit(.time), limits: { $0.time = 0.3 }, script: "trap '' TERM INT HUP; while :; do sleep 1000; done"),
        Probe("time", "stop itself", .python, .limit(.time), limits: { $0.time = 0.3 }, script: "os.kill(os.getpid(), signal.SIGSTOP)"),
        Probe("time", "stop all others", .python, .limit(.time), limits: { $0.time = 0.3 }, script: "os.fork() == 0 and time.sleep(1000); os.kill(-1, signal.SIGSTOP); os.kill(1, signal.SIGSTOP); time.sleep(1000)"),
        Probe("time", "sleep with everything closed", .python, .limit(.time), limits: { $0.time = 0.3 }, script: "[os.close(n) for n in range(3)]; time.sleep(1000)"),
        Probe("time", "wait for input that has ended", .shell, .ends, script: "cat >/dev/null"),
    ]

    static let output: [Probe] = [
        Probe("output", "output without end", .shell, .limit(.output), limits: { $0.output = 100_000 }, script: "while :; do echo yes; done"),
        Probe("output", "errors without end", .python, .limit(.output), limits: { $0.output = 100_000 }, script: "while True: sys.stderr.write('no' * 1000)"),
        Probe("output", "one line without end", .python, .limit(.output), limits: { $0.output = 100_000 }, script: "while True: os.write(1, bytes(65536))"),
        Probe("output", "output from many", .python, .limit(.output), limits: { $0.output = 100_000 }, script: #"""
            for _ in range(3): os.fork()
            while True: os.write(1, b"x" * 5000)
            """#),
    ]

    static let descriptors: [Probe] = [
        Probe("descriptor", "open many", reachesFree: true, script: #"attempt("150", lambda: [os.open("/dev/null", os.O_RDONLY) for _ in range(150)])"#),
        Probe("descriptor", "what it inherits", reachesFree: true, script: #"""
            def stands(number):
                try: os.fstat(number); return True
                except OSError: return False
            check("inherited", any(stands(number) for number in range(3, 1024)))
            """#),
        Probe("descriptor", "what the first process has open", script: #"""
            links = [os.readlink(path) for path in glob.glob("/proc/1/fd/*")]
            check("more than pipes", any(not link.startswith("pipe:") and link != "/dev/null" for link in links) or len(links) == 0)
            """#),
        Probe("descriptor", "type into the terminal", script: #"""
            import fcntl
            for number in range(3): attempt(str(number), lambda: fcntl.ioctl(number, 0x5412, b"x"))
            """#),
        Probe("descriptor", "write to its own input", script: #"attempt("reopened", lambda: os.open("/proc/self/fd/0", os.O_RDONLY) and os.write(0, b"x"))"#),
    ]

    static let environment: [Probe] = [
        Probe("environment", "secrets of whoever started it", reachesFree: true, script: #"check("secret", any(secret in value for value in os.environ.values()))"#),
        Probe("environment", "secrets of other processes", reachesFree: true, script: #"""
            def told(path):
                try: return secret.encode() in open(path, "rb").read()
                except OSError: return False
            check("secret", any(told(path) for path in glob.glob("/proc/[0-9]*/environ")))
            """#),
        Probe("environment", "who it is", reachesFree: true, script: #"check("user", (os.getuid(), os.getgid()) != (65534, 65534) or any(g != 65534 for g in os.getgroups()))"#),
        Probe("environment", "the name of the machine", script: #"check("name", platform.node() != "sandbox")"#),
    ]
}
