// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package faults

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"time"

	"go.etcd.io/bbolt"

	"github.com/integrationlog/integrationlog/internal/seal"
)

// changeValues turns over a bit of each value.
func changeValues(file *os.File, _ int64, random *rand.Rand) error {
	return rewrite(file.Name(), func(value []byte) ([]byte, error) {
		if len(value) == 0 {
			return nil, nil
		}
		value = bytes.Clone(value)
		value[random.IntN(len(value))] ^= 1 << random.IntN(8)
		return value, nil
	})
}

// ChangeVersions adds to the version that each of a receiver's checkpoints has: so it is with
// those that a later version of the program has written.
func ChangeVersions(path string, by int) error {
	return rewrite(path, func(value []byte) ([]byte, error) {
		checkpoint, version, is := checkpointIn(value)
		if !is {
			return nil, nil
		}
		checkpoint["version"] = fmt.Append(nil, version+by)
		payload, err := json.Marshal(checkpoint)
		return seal.Seal(payload), err
	})
}

// checkpointIn returns a checkpoint and its version, if a value is one and whole.
func checkpointIn(value []byte) (checkpoint map[string]json.RawMessage, version int, is bool) {
	payload, err := seal.Open(value)
	if err == nil {
		err = json.Unmarshal(payload, &checkpoint)
	}
	if err == nil {
		err = json.Unmarshal(checkpoint["version"], &version)
	}
	return checkpoint, version, err == nil
}

// rewrite puts other values into a database, of those for which change returns one. It returns an error if
// that is none of them.
func rewrite(path string, change func(value []byte) ([]byte, error)) error {
	database, err := bbolt.Open(path, 0, &bbolt.Options{Timeout: time.Second})
	if err != nil {
		return err
	}
	values := 0
	err = database.Update(func(tx *bbolt.Tx) error {
		return tx.ForEach(func(_ []byte, bucket *bbolt.Bucket) error {
			changed := map[string][]byte{}
			err := bucket.ForEach(func(key, value []byte) error {
				other, err := change(value)
				if other != nil {
					changed[string(key)] = other
				}
				return err
			})
			values += len(changed)
			for key, value := range changed {
				err = errors.Join(err, bucket.Put([]byte(key), value))
			}
			return err
		})
	})
	if err == nil && values == 0 {
		err = errors.New("there is no value to change")
	}
	return errors.Join(err, database.Close())
}
