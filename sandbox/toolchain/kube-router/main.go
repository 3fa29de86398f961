// Enforces the cluster's network policies on the machine's real nodes, with the controller of kube-router.
//
// One process does for all of them: nodes of one machine share its packet filter, where two controllers would remove each other's rules. So each
// pod of a real node is taken to be on the first, whose address the controller asks for when it looks for its own pods.
package main

import (
	"flag"
	"log"
	"os"
	"os/signal"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/cloudnativelabs/kube-router/v2/pkg/controllers/netpol"
	"github.com/cloudnativelabs/kube-router/v2/pkg/healthcheck"
	"github.com/cloudnativelabs/kube-router/v2/pkg/options"
	core "k8s.io/api/core/v1"
	"k8s.io/client-go/informers"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/tools/cache"
	"k8s.io/client-go/tools/clientcmd"
)

// Packets between two pods on one bridge are not routed; the packet filter sees them only with this.
const bridgeSetting = "/proc/sys/net/bridge/bridge-nf-call-iptables"

func main() {
	kubeconfig := flag.String("kubeconfig", "", "file that says where the API server is")
	node := flag.String("node", "", "name of the first real node")
	addresses := flag.String("addresses", "", "addresses of the real nodes, that of the first one first, with commas between")
	services := flag.String("services", "", "range of the services' addresses")
	flag.Parse()

	before, err := os.ReadFile(bridgeSetting)
	must(err)
	must(os.WriteFile(bridgeSetting, []byte("1"), 0o644))
	defer os.WriteFile(bridgeSetting, before, 0o644)
	enforce(*kubeconfig, *node, *services, strings.Split(*addresses, ","))
}

func enforce(kubeconfig, node, services string, addresses []string) {
	rest, err := clientcmd.BuildConfigFromFlags("", kubeconfig)
	must(err)
	client, err := kubernetes.NewForConfig(rest)
	must(err)

	config := options.NewKubeRouterConfig()
	config.HostnameOverride = node
	config.EnableIPv4 = true
	config.EnableIPv6 = false
	config.ClusterIPCIDRs = []string{services}
	config.IPTablesSyncPeriod = time.Minute

	factory := informers.NewSharedInformerFactory(client, 0)
	pods := factory.Core().V1().Pods().Informer()
	must(pods.SetTransform(onTheFirst(addresses)))
	policies := factory.Networking().V1().NetworkPolicies().Informer()
	namespaces := factory.Core().V1().Namespaces().Informer()

	filters, sets, err := netpol.NewIPTablesHandlers(config)
	must(err)
	var lock sync.Mutex
	controller, err := netpol.NewNetworkPolicyController(client, config, pods, policies, namespaces, &lock, filters, sets)
	must(err)
	for informer, handler := range map[cache.SharedIndexInformer]cache.ResourceEventHandler{
		pods: controller.PodEventHandler, policies: controller.NetworkPolicyEventHandler, namespaces: controller.NamespaceEventHandler,
	} {
		_, err := informer.AddEventHandler(handler)
		must(err)
	}

	stop := make(chan struct{})
	factory.Start(stop)
	factory.WaitForCacheSync(stop)
	beats := make(chan *healthcheck.ControllerHeartbeat, 10)
	go func() {
		for range beats {
		}
	}()
	var running sync.WaitGroup
	running.Add(1)
	go controller.Run(beats, stop, &running)
	log.Print("enforcing")

	signals := make(chan os.Signal, 1)
	signal.Notify(signals, syscall.SIGINT, syscall.SIGTERM)
	<-signals
	close(stop)
	running.Wait()
	controller.Cleanup()
}

func onTheFirst(addresses []string) cache.TransformFunc {
	return func(object any) (any, error) {
		pod, ok := object.(*core.Pod)
		if !ok {
			return object, nil
		}
		for _, address := range addresses {
			if pod.Status.HostIP == address {
				pod.Status.HostIP = addresses[0]
			}
		}
		return pod, nil
	}
}

func must(err error) {
	if err != nil {
		log.Fatal(err)
	}
}
