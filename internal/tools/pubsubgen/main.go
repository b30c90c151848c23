// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

// Pubsubgen writes the Go code of a Protocol Buffers definition. It does what protoc
// does with its plugins protoc-gen-go and protoc-gen-go-grpc, with a compiler written
// in Go, so that nobody has to install protoc and every version stands in go.mod.
//
// Usage: go run ./pubsubgen DIRECTORY FILE
package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"

	"github.com/bufbuild/protocompile"
	"github.com/bufbuild/protocompile/protoutil"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/descriptorpb"
	"google.golang.org/protobuf/types/pluginpb"
)

var plugins = []string{"protoc-gen-go", "protoc-gen-go-grpc"}

func main() {
	if len(os.Args) != 3 {
		fmt.Fprintln(os.Stderr, "usage: pubsubgen DIRECTORY FILE")
		os.Exit(2)
	}
	if err := generate(context.Background(), os.Args[1], os.Args[2]); err != nil {
		fmt.Fprintln(os.Stderr, "pubsubgen:", err)
		os.Exit(1)
	}
}

// generate writes what each plugin makes of the file into the directory.
func generate(ctx context.Context, directory, file string) error {
	compiler := protocompile.Compiler{
		Resolver: &protocompile.SourceResolver{ImportPaths: []string{directory}},
		// The comments of the definition become those of the Go code.
		SourceInfoMode: protocompile.SourceInfoStandard,
	}
	compiled, err := compiler.Compile(ctx, file)
	if err != nil {
		return err
	}
	request, err := proto.Marshal(&pluginpb.CodeGeneratorRequest{
		FileToGenerate: []string{file},
		Parameter:      new("paths=source_relative"),
		ProtoFile:      []*descriptorpb.FileDescriptorProto{protoutil.ProtoFromFileDescriptor(compiled[0])},
	})
	if err != nil {
		return err
	}
	for _, plugin := range plugins {
		if err := run(ctx, plugin, request, directory); err != nil {
			return fmt.Errorf("%s: %w", plugin, err)
		}
	}
	return nil
}

// run asks one plugin, and writes the files of its answer.
func run(ctx context.Context, plugin string, request []byte, directory string) error {
	//nolint:gosec // one of the two above
	command := exec.CommandContext(ctx, "go", "tool", plugin)
	command.Stdin = bytes.NewReader(request)
	command.Stderr = os.Stderr
	output, err := command.Output()
	if err != nil {
		return err
	}
	var response pluginpb.CodeGeneratorResponse
	if err := proto.Unmarshal(output, &response); err != nil {
		return err
	}
	if response.Error != nil {
		return errors.New(response.GetError())
	}
	for _, generated := range response.GetFile() {
		//nolint:gosec // source code is for everybody
		if err := os.WriteFile(filepath.Join(directory, generated.GetName()), []byte(generated.GetContent()), 0o644); err != nil {
			return err
		}
	}
	return nil
}
