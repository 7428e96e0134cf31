/// The filter of system calls that the sandbox loads before the program: a classic BPF program as the kernel's seccomp takes it.
///
/// Namespaces leave some doors open that are shut here: memory that no limit counts (files in memory, System V segments), sockets of
/// families that know no namespace (vsock), interfaces that unprivileged programs have no use for. Source: the kernel's
/// Documentation/userspace-api/seccomp_filter.rst; numbers from its system call tables.
struct SystemCallFilter: Sendable {
    /// One instruction: its code, where to go on if a comparison holds or not, and a constant.
    struct Instruction: Hashable, Sendable {
        var code: UInt16
        var ifTrue: UInt8
        var ifFalse: UInt8
        var constant: UInt32
    }

    /// The instructions.
    let instructions: [Instruction]

    /// The program as bytes, each instruction eight of them.
    var bytes: [UInt8] {
        instructions.flatMap { line -> [UInt8] in
            let code = line.code.littleEndian
            let constant = line.constant.littleEndian
            return [
                UInt8(truncatingIfNeeded: code), UInt8(truncatingIfNeeded: code >> 8), line.ifTrue, line.ifFalse, UInt8(truncatingIfNeeded: constant),
                UInt8(truncatingIfNeeded: constant >> 8), UInt8(truncatingIfNeeded: constant >> 16), UInt8(truncatingIfNeeded: constant >> 24),
            ]
        }
    }

    /// The filter of the architecture this is built for; nil where its numbers are not known here.
    static var current: SystemCallFilter? {
        #if arch(x86_64)
            SystemCallFilter(.x86)
        #elseif arch(arm64)
            SystemCallFilter(.arm)
        #else
            nil
        #endif
    }

    private enum Code {
        static let load: UInt16 = 0x20, equal: UInt16 = 0x15, atLeast: UInt16 = 0x35, anyBit: UInt16 = 0x45, give: UInt16 = 0x06
    }

    private static let allow: UInt32 = 0x7FFF_0000
    private static let kill: UInt32 = 0x8000_0000
    private static func error(_ number: UInt32) -> UInt32 { 0x0005_0000 | number }
    private static let (notPermitted, notThere, noFamily): (UInt32, UInt32, UInt32) = (1, 38, 97)
    /// CLONE_NEW…: time, mount, cgroup, uts, ipc, user, pid, net.
    private static let newNamespaces: UInt32 = 0x7E02_0080

    /// The filter over an architecture's numbers.
    init(_ table: SystemCallNumbers) {
        var lines: [Instruction] = []
        func add(_ code: UInt16, _ constant: UInt32, _ ifTrue: UInt8 = 0, _ ifFalse: UInt8 = 0) {
            lines.append(Instruction(code: code, ifTrue: ifTrue, ifFalse: ifFalse, constant: constant))
        }
        /// Gives an answer for one number.
        func answer(_ number: UInt32, _ result: UInt32) {
            add(Code.equal, number, 0, 1)
            add(Code.give, result)
        }
        // Another architecture's numbers mean other calls.
        add(Code.load, 4)
        add(Code.equal, table.architecture, 1, 0)
        add(Code.give, Self.kill)
        add(Code.load, 0)
        // Beyond the newest call known here, the second set of numbers on x86 included.
        add(Code.atLeast, SystemCallNumbers.firstUnknown, 0, 1)
        add(Code.give, Self.error(Self.notThere))
        for number in table.refused { answer(number, Self.error(Self.notPermitted)) }
        // The C library falls back to older ones: a program may ask whether they are there.
        for number in table.absent { answer(number, Self.error(Self.notThere)) }
        // Sockets within this sandbox only.
        for number in table.sockets {
            add(Code.equal, number, 0, 4)
            add(Code.load, 16)
            add(Code.equal, 1, 0, 1)
            add(Code.give, Self.allow)
            add(Code.give, Self.error(Self.noFamily))
        }
        add(Code.equal, table.clone, 0, 4)
        add(Code.load, 16)
        add(Code.anyBit, Self.newNamespaces, 0, 1)
        add(Code.give, Self.error(Self.notPermitted))
        add(Code.give, Self.allow)
        add(Code.give, Self.allow)
        instructions = lines
    }
}

/// The numbers of an architecture's system calls, as far as the filter names them.
struct SystemCallNumbers: Sendable {
    /// AUDIT_ARCH_….
    let architecture: UInt32
    /// Calls that are not permitted.
    let refused: [UInt32]
    /// Calls that are said not to exist.
    let absent: [UInt32]
    /// `socket` and `socketpair`.
    let sockets: [UInt32]
    /// `clone`.
    let clone: UInt32

    /// The first number behind the newest call known here (mseal, 6.10).
    static let firstUnknown: UInt32 = 463

    /// The newest calls have one number everywhere: open_tree, move_mount, fsopen, fsconfig, fsmount, fspick, pidfd_getfd, mount_setattr,
    /// quotactl_fd, memfd_secret.
    private static let common: [UInt32] = [428, 429, 430, 431, 432, 433, 438, 442, 443, 447]
    /// io_uring_setup, io_uring_enter, io_uring_register, clone3.
    private static let commonAbsent: [UInt32] = [425, 426, 427, 435]

    /// x86-64: memory between processes and of the kernel's keeping (shmget, shmat, shmctl, shmdt, semget, semop, semctl, semtimedop, msgget,
    /// msgsnd, msgrcv, msgctl, mq_open, memfd_create, userfaultfd, mbind, set_mempolicy, get_mempolicy, migrate_pages, move_pages); other
    /// processes (ptrace, process_vm_readv, process_vm_writev, kcmp); mounts and namespaces (mount, umount2, pivot_root, chroot, unshare,
    /// setns, name_to_handle_at, open_by_handle_at, fanotify_init); the kernel (bpf, perf_event_open, keyctl, add_key, request_key,
    /// kexec_load, kexec_file_load, init_module, finit_module, delete_module, syslog, acct, swapon, swapoff, reboot, quotactl, sethostname,
    /// setdomainname, iopl, ioperm, modify_ldt, personality, vhangup, settimeofday, clock_settime, clock_adjtime, adjtimex).
    static let x86 = SystemCallNumbers(
        architecture: 0xC000_003E,
        refused: [
            29, 30, 31, 67, 64, 65, 66, 220, 68, 69, 70, 71, 240, 319, 323, 237, 238, 239, 256, 279, 101, 310, 311, 312, 165, 166, 155, 161, 272, 308,
            303, 304, 300, 321, 298, 250, 248, 249, 246, 320, 175, 313, 176, 103, 163, 167, 168, 169, 179, 170, 171, 172, 173, 154, 135, 153, 164, 227,
            305, 159,
        ] + common,
        absent: commonAbsent, sockets: [41, 53], clone: 56)

    /// 64-bit Arm: the same calls, without those it does not have (iopl, ioperm, modify_ldt).
    static let arm = SystemCallNumbers(
        architecture: 0xC000_00B7,
        refused: [
            194, 196, 195, 197, 190, 193, 191, 192, 186, 189, 188, 187, 180, 279, 282, 235, 237, 236, 238, 239, 117, 270, 271, 272, 40, 39, 41, 51, 97,
            268, 264, 265, 262, 280, 241, 219, 217, 218, 104, 294, 105, 273, 106, 116, 89, 224, 225, 142, 60, 161, 162, 92, 58, 170, 112, 266, 171,
        ] + common,
        absent: commonAbsent, sockets: [198, 199], clone: 220)
}
