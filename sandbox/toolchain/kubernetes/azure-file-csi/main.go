// Stands in for the Azure Files CSI driver on a machine without Azure: a share is a folder of this machine,
// and mounting it is a bind mount. What is declared (storage class, volume, claim) stays as on Azure.
package main

import (
	"flag"
	"log"
	"net"
	"os"
	"path/filepath"

	"github.com/container-storage-interface/spec/lib/go/csi"
	"google.golang.org/grpc"
	registration "k8s.io/kubelet/pkg/apis/pluginregistration/v1"
)

const driverName = "file.csi.azure.com"

func main() {
	endpoint := flag.String("endpoint", "", "unix socket on which the kubelet mounts volumes")
	registrationSocket := flag.String("registration-socket", "", "unix socket in the kubelet's plugins_registry folder")
	nodeID := flag.String("node-id", "", "name of the node")
	root := flag.String("root", "", "folder of the shares: ROOT/STORAGE_ACCOUNT/SHARE")
	flag.Parse()
	for name, value := range map[string]string{
		"endpoint": *endpoint, "registration-socket": *registrationSocket, "node-id": *nodeID, "root": *root,
	} {
		if value == "" {
			log.Fatalf("--%s is required", name)
		}
	}

	driver := grpc.NewServer()
	csi.RegisterIdentityServer(driver, identity{})
	csi.RegisterNodeServer(driver, &node{id: *nodeID, root: *root})
	failed := make(chan error)
	serve(driver, *endpoint, failed)

	// Last: the kubelet calls the driver as soon as this socket appears.
	registrar := grpc.NewServer()
	registration.RegisterRegistrationServer(registrar, registrationServer{endpoint: *endpoint})
	serve(registrar, *registrationSocket, failed)

	log.Printf("simulated %s on %s: shares are folders in %s", driverName, *nodeID, *root)
	log.Fatal(<-failed)
}

func serve(server *grpc.Server, socket string, failed chan<- error) {
	if err := os.MkdirAll(filepath.Dir(socket), 0o750); err != nil {
		log.Fatal(err)
	}
	// A killed predecessor leaves its socket behind.
	if err := os.Remove(socket); err != nil && !os.IsNotExist(err) {
		log.Fatal(err)
	}
	listener, err := net.Listen("unix", socket)
	if err != nil {
		log.Fatal(err)
	}
	go func() { failed <- server.Serve(listener) }()
}
