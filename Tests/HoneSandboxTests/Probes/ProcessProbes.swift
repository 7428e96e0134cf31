import HoneSandbox

extension Probe {
    static let processes: [Probe] = [
        Probe("process", "a hundred processes", reachesFree: true, script: #"""
            children = []
            def bomb():
                for _ in range(100):
                    child = os.fork()
                    if child == 0: time.sleep(60); os._exit(0)
                    children.append(child)
            attempt("fork", bomb)
            check("more than 16", len(children) > 16)
            for child in children: os.kill(child, 9); os.waitpid(child, 0)
            """#),
        Probe("process", "a hundred threads", reachesFree: true, script: #"""
            wait = threading.Event(); count = 0
            try:
                for _ in range(100): threading.Thread(target=wait.wait, daemon=True).start(); count += 1
            except RuntimeError: pass
            check("more than 16", count > 16); wait.set()
            """#),
        Probe("process", "a bomb of the shell", .shell, .ends, limits: { $0.time = 3 }, script: "b() { b | b & }; b; sleep 1; b; wait"),
        Probe("process", "a bomb that never rests", .python, .ends, limits: { $0.time = 3; $0.processorTime = 4 }, script: #"""
            while True:
                try: os.fork()
                except OSError: pass
            """#),
        Probe("process", "one that outlives its parents", .shell, .ends, script: "(setsid sh -c 'trap \"\" HUP TERM; sleep 1000' \"$0\" >/dev/null 2>&1 </dev/null &) ; exit 0"),
        Probe("process", "one that outlives its parents twice", .python, .ends, script: #"""
            if os.fork() == 0:
                os.setsid()
                for number in range(3): os.close(number)
                if os.fork() == 0: time.sleep(1000)
                os._exit(0)
            """#),
        Probe("process", "watch another process", reachesFree: true, script: #"""
            child = os.fork()
            if child == 0: time.sleep(60); os._exit(0)
            attempt("ptrace", lambda: c(libc.ptrace(16, child, None, None))); os.kill(child, 9)
            """#),
        Probe("process", "read another process's memory", script: #"""
            number = 270 if arm else 310
            attempt("process_vm_readv", lambda: c(libc.syscall(number, os.getpid(), None, 0, None, 0, 0)))
            """#),
        Probe("process", "see processes outside", reachesFree: true, script: #"attempt("ours", lambda: os.listdir("/proc/" + os.environ["HOSTPROCESS"]))"#),
        Probe("process", "signal a process outside", reachesFree: true, script: #"attempt("ours", lambda: os.kill(int(os.environ["HOSTPROCESS"]), 0))"#),
        Probe("process", "count processes", script: #"check("others", len(glob.glob("/proc/[0-9]*")) > 3)"#),
        Probe("process", "end all that can be ended", script: #"""
            if os.fork() == 0: time.sleep(1000)
            signal.signal(signal.SIGTERM, signal.SIG_IGN)
            os.kill(-1, signal.SIGTERM); os.kill(1, signal.SIGKILL); os.kill(1, signal.SIGSTOP); os.killpg(0, 0); print("held")
            """#),
        Probe("process", "namespaces of its own", script: #"""
            for flag in [0x10000000, 0x20000, 0x40000000, 0x20000000, 0x8000000, 0x4000000, 0x2000000, 0x80]: attempt(hex(flag), lambda: c(libc.unshare(flag)))
            """#),
        Probe("process", "namespaces by a new process", script: #"""
            number = 220 if arm else 56
            for flag in [0x10000000, 0x10020000, 0x50000000]: attempt(hex(flag), lambda: c(libc.syscall(number, flag | 17, 0, 0, 0, 0)))
            attempt("clone3", lambda: c(libc.syscall(435, (ctypes.c_uint64 * 8)(0x10000000, 0, 0, 0, 17), 64)))
            """#),
        Probe("process", "enter another namespace", script: #"attempt("setns", lambda: c(libc.setns(os.open("/proc/1/ns/net", os.O_RDONLY), 0)))"#),
        Probe("process", "mount", script: #"""
            attempt("tmpfs", lambda: c(libc.mount(b"none", b"/tmp", b"tmpfs", 0, None)))
            attempt("writable", lambda: c(libc.mount(None, b"/usr", None, 32 | 4096, None)))
            attempt("off", lambda: c(libc.umount2(b"/usr", 2)))
            attempt("new", lambda: c(libc.syscall(430, b"tmpfs", 0)))
            """#),
        Probe("process", "another root", script: #"attempt("chroot", lambda: os.chroot(".")); attempt("pivot", lambda: c(libc.syscall(41 if arm else 155, b".", b".")))"#),
        Probe("process", "be another user", script: #"""
            attempt("user", lambda: os.setuid(0)); attempt("group", lambda: os.setgid(0)); attempt("groups", lambda: os.setgroups([0]))
            """#),
        Probe("process", "privileges of programs that give them", reachesFree: true, script: #"check("new privileges", b"NoNewPrivs:\t0" in open("/proc/self/status", "rb").read())"#),
        Probe("process", "capabilities", script: #"""
            lines = [line for line in open("/proc/self/status") if line.startswith("Cap")]
            check("any", any(int(line.split()[1], 16) for line in lines))
            """#),
        Probe("process", "raise its limits", script: #"""
            def attempt_raise(kind):
                try: resource.setrlimit(kind, (1 << 40, 1 << 40))
                except ValueError as error: raise PermissionError(str(error))
            for kind in [resource.RLIMIT_NPROC, resource.RLIMIT_AS, resource.RLIMIT_CPU, resource.RLIMIT_FSIZE, resource.RLIMIT_NOFILE, resource.RLIMIT_CORE]:
                attempt(str(kind), lambda: attempt_raise(kind))
            """#),
        Probe("process", "go before all others", script: #"""
            attempt("real time", lambda: os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(50)))
            attempt("nice", lambda: os.setpriority(os.PRIO_PROCESS, 0, -10))
            """#),
        Probe("process", "names and clock of the machine", script: #"""
            attempt("name", lambda: socket.sethostname("probe")); attempt("clock", lambda: time.clock_settime(time.CLOCK_REALTIME, time.time()))
            """#),
        Probe("process", "doors of the kernel", script: #"""
            numbers = {"bpf": 280, "perf": 241, "userfault": 282, "keys": 217, "module": 273, "kexec": 294, "log": 116} if arm else \
                {"bpf": 321, "perf": 298, "userfault": 323, "keys": 248, "module": 313, "kexec": 320, "log": 103}
            for name, number in {**numbers, "io_uring": 425, "watch": 442, "unknown": 600}.items():
                attempt(name, lambda: c(libc.syscall(number, 0, 0, 0, 0, 0, 0)))
            """#),
    ]
}
