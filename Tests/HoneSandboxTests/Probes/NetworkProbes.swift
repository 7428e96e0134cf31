extension Probe {
    static let network: [Probe] = [
        Probe("network", "a server of this machine", reachesFree: true, script: #"attempt("loopback", lambda: socket.create_connection(("127.0.0.1", int(os.environ["PORT"])), 5))"#),
        Probe("network", "a server of this machine by shell", .shell, script: #"""
            /usr/bin/python3 -c 'import os, socket; socket.create_connection(("localhost", int(os.environ["PORT"])))' 2>/dev/null && echo REACHED || echo held
            """#),
        Probe("network", "an address outside", script: #"""
            def send(family, kind, address):
                s = socket.socket(family, kind); s.settimeout(5); s.connect(address); return s.send(b"x")
            attempt("udp", lambda: send(socket.AF_INET, socket.SOCK_DGRAM, ("192.0.2.1", 53)))
            attempt("tcp", lambda: send(socket.AF_INET, socket.SOCK_STREAM, ("192.0.2.1", 80)))
            attempt("tcp 6", lambda: send(socket.AF_INET6, socket.SOCK_STREAM, ("2001:db8::1", 80)))
            """#),
        Probe("network", "names", script: #"attempt("name", lambda: socket.getaddrinfo("example.com", 80))"#),
        Probe("network", "raw sockets and packets", script: #"""
            attempt("raw", lambda: socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_ICMP))
            attempt("packet", lambda: socket.socket(socket.AF_PACKET, socket.SOCK_RAW, 0x0300))
            """#),
        Probe("network", "the kernel's network settings", reachesFree: true, script: #"attempt("netlink", lambda: socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 0))"#),
        Probe("network", "the host of a virtual machine", script: #"attempt("vsock", lambda: socket.socket(40, socket.SOCK_STREAM))"#),
        Probe("network", "all other families", script: #"""
            for family in range(2, 46):
                attempt(str(family), lambda: socket.socket(family, socket.SOCK_DGRAM)); attempt(str(family), lambda: socket.socket(family, socket.SOCK_STREAM))
            """#),
        Probe("network", "be a server", reachesFree: true, script: #"attempt("listen", lambda: socket.create_server(("127.0.0.1", 0)))"#),
        Probe("network", "a named socket without a file", reachesFree: true, script: #"""
            attempt("abstract", lambda: socket.socket(socket.AF_UNIX).connect("\0" + os.environ["ABSTRACT"]))
            """#),
        Probe("network", "a socket in a folder", reachesFree: true, script: #"attempt("path", lambda: socket.socket(socket.AF_UNIX).connect(os.environ["SOCKET"]))"#),
        Probe("network", "network devices", .shell, script: "n=0; while read -r line; do n=$((n+1)); done </proc/net/dev; [ $n -eq 3 ] && echo held || echo REACHED $n"),
    ]
}
