package main

import (
	"context"
	"fmt"
	"log"
	"os"
	"path/filepath"
	"regexp"
	"strconv"

	"github.com/container-storage-interface/spec/lib/go/csi"
	"github.com/moby/sys/mountinfo"
	"golang.org/x/sys/unix"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
)

// The driver's default for NFS shares: https://github.com/kubernetes-sigs/azurefile-csi-driver/blob/master/docs/driver-parameters.md
const defaultMountPermissions = 0o777

// Names that Azure gives storage accounts and shares; anything else could leave the root folder.
var safeName = regexp.MustCompile(`^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$`)

type node struct {
	csi.UnimplementedNodeServer
	id   string
	root string
}

func (n *node) NodeGetInfo(context.Context, *csi.NodeGetInfoRequest) (*csi.NodeGetInfoResponse, error) {
	return &csi.NodeGetInfoResponse{NodeId: n.id}, nil
}

func (n *node) NodeGetCapabilities(context.Context, *csi.NodeGetCapabilitiesRequest) (*csi.NodeGetCapabilitiesResponse, error) {
	return &csi.NodeGetCapabilitiesResponse{}, nil
}

func (n *node) NodePublishVolume(_ context.Context, request *csi.NodePublishVolumeRequest) (*csi.NodePublishVolumeResponse, error) {
	target := request.GetTargetPath()
	if target == "" {
		return nil, status.Error(codes.InvalidArgument, "no target path")
	}
	source, err := n.share(request.GetVolumeContext())
	if err != nil {
		return nil, err
	}
	mounted, err := isMounted(target)
	if err != nil {
		return nil, status.Error(codes.Internal, err.Error())
	}
	if !mounted {
		if err := bind(source, target, request.GetReadonly()); err != nil {
			return nil, status.Errorf(codes.Internal, "mount of %s on %s: %v", source, target, err)
		}
		log.Printf("mounted %s on %s (read-only: %t)", source, target, request.GetReadonly())
	}
	return &csi.NodePublishVolumeResponse{}, nil
}

func (n *node) NodeUnpublishVolume(_ context.Context, request *csi.NodeUnpublishVolumeRequest) (*csi.NodeUnpublishVolumeResponse, error) {
	target := request.GetTargetPath()
	if target == "" {
		return nil, status.Error(codes.InvalidArgument, "no target path")
	}
	mounted, err := isMounted(target)
	if err != nil {
		return nil, status.Error(codes.Internal, err.Error())
	}
	if mounted {
		if err := unix.Unmount(target, 0); err != nil {
			return nil, status.Errorf(codes.Internal, "unmount of %s: %v", target, err)
		}
		log.Printf("unmounted %s", target)
	}
	// os.Remove and not RemoveAll: should anything still be mounted, its files must not be deleted.
	if err := os.Remove(target); err != nil && !os.IsNotExist(err) {
		return nil, status.Error(codes.Internal, err.Error())
	}
	return &csi.NodeUnpublishVolumeResponse{}, nil
}

// share makes the share's folder if it is not there and gives its path.
func (n *node) share(attributes map[string]string) (string, error) {
	account, share := attributes["storageAccount"], attributes["shareName"]
	for key, value := range map[string]string{"storageAccount": account, "shareName": share} {
		if !safeName.MatchString(value) {
			return "", status.Errorf(codes.InvalidArgument, "volume attribute %s: got %q, expected an Azure name", key, value)
		}
	}
	permissions := uint64(defaultMountPermissions)
	if text := attributes["mountPermissions"]; text != "" {
		parsed, err := strconv.ParseUint(text, 8, 32)
		if err != nil {
			return "", status.Errorf(codes.InvalidArgument, "volume attribute mountPermissions: got %q, expected an octal number", text)
		}
		permissions = parsed
	}
	path := filepath.Join(n.root, account, share)
	if err := os.MkdirAll(path, 0o755); err != nil {
		return "", status.Error(codes.Internal, err.Error())
	}
	// 0 means: leave the mode of the share as it is.
	if permissions != 0 {
		if err := unix.Chmod(path, uint32(permissions)); err != nil {
			return "", status.Error(codes.Internal, err.Error())
		}
	}
	return path, nil
}

func isMounted(target string) (bool, error) {
	mounted, err := mountinfo.Mounted(target)
	if os.IsNotExist(err) {
		return false, nil
	}
	return mounted, err
}

func bind(source, target string, readOnly bool) error {
	if err := os.MkdirAll(target, 0o750); err != nil {
		return err
	}
	if err := unix.Mount(source, target, "", unix.MS_BIND, ""); err != nil {
		return err
	}
	if !readOnly {
		return nil
	}
	// The kernel ignores MS_RDONLY on the bind itself.
	if err := unix.Mount("", target, "", unix.MS_BIND|unix.MS_REMOUNT|unix.MS_RDONLY, ""); err != nil {
		if undo := unix.Unmount(target, 0); undo != nil {
			return fmt.Errorf("%w; and its undoing: %v", err, undo)
		}
		return err
	}
	return nil
}
