// Holds a pod's namespaces until the pod ends, as registry.k8s.io/pause does. In place of the exporter of GPU metrics it says that it is well
// too, as that one's probes ask.
package main

import (
	"net"
	"os"
	"os/signal"
	"syscall"
)

func main() {
	stop := make(chan os.Signal, 1)
	signal.Notify(stop, syscall.SIGINT, syscall.SIGTERM)
	if os.Getenv("DCGM_EXPORTER_KUBERNETES") != "" {
		go sayWell(":9400")
	}
	<-stop
}

// Not net/http: this program runs in every pod.
func sayWell(address string) {
	listener, err := net.Listen("tcp", address)
	for err == nil {
		var connection net.Conn
		if connection, err = listener.Accept(); err == nil {
			_, _ = connection.Read(make([]byte, 4096))
			_, _ = connection.Write([]byte("HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"))
			_ = connection.Close()
		}
	}
}
