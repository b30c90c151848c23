// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package attacks

import (
	"bytes"
	"net/http"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/plog/plogotlp"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"

	"github.com/integrationlog/integrationlog/cmd/integrationlog/internal/e2e/harness"
	"github.com/integrationlog/integrationlog/internal/activity"
)

// Whoever has no credential of a product cannot write to its log, whatever else they have, and
// cannot tell from the answer what was wrong.
func wrongCredentials(t *testing.T, w *world) {
	t.Helper()
	w.each(t, func(t *testing.T, p *program) {
		t.Helper()
		answers := map[answer]bool{}
		for _, product := range harness.PushedProducts {
			for name, header := range wrongHeaders(p, product) {
				body := harness.PushedBody(product.Product, "forged", time.Now())
				request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, p.PushURL(product.Product), bytes.NewReader(body))
				require.NoError(t, err)
				request.Header = header
				request.Header.Set("Content-Type", "application/json")
				code, text, err := do(request)
				require.NoError(t, err)
				assert.Equal(t, http.StatusUnauthorized, code, "%s: %s", product.Product, name)
				answers[answer{status: code, body: text}] = true
			}
		}
		for name, change := range wrongSignatures(p) {
			request, err := p.Shop.Request(t.Context(), harness.NewOrder("forged", time.Now()))
			require.NoError(t, err)
			change(request)
			code, text, err := do(request)
			require.NoError(t, err)
			assert.Equal(t, http.StatusUnauthorized, code, "shopify: %s", name)
			answers[answer{status: code, body: text}] = true
		}
		assert.Len(t, answers, 1, "one answer to all")
	})
}

// wrongHeaders must not let anybody in at a product.
func wrongHeaders(p *program, product harness.Pushed) map[string]http.Header {
	right := product.Secret
	headers := map[string]http.Header{
		"none":               {},
		"empty":              {"X-Api-Key": {""}},
		"a guess":            {"X-Api-Key": {"guess"}},
		"the beginning":      {"X-Api-Key": {right[:len(right)-1]}},
		"more than it":       {"X-Api-Key": {right + "x"}},
		"in capitals":        {"X-Api-Key": {strings.ToUpper(right)}},
		"twice":              {"X-Api-Key": {right, right}},
		"with a guess":       {"X-Api-Key": {"guess", right}},
		"in a list":          {"X-Api-Key": {right + ",guess"}},
		"very long":          {"X-Api-Key": {strings.Repeat(right, 10_000)}},
		"a scheme alone":     {"Authorization": {"Bearer"}},
		"an unknown scheme":  {"Authorization": {"Digest " + right}},
		"no base64":          {"Authorization": {"Basic " + right}},
		"in a cookie":        {"Cookie": {"X-API-Key=" + right}},
		"the shop's":         {"X-Api-Key": {p.Shop.Secret}},
		"the shop's, signed": {"X-Shopify-Hmac-Sha256": {p.Shop.Sign(harness.PushedBody(product.Product, "forged", time.Now()))}},
	}
	for _, other := range harness.PushedProducts {
		if other.Product != product.Product {
			headers["of "+string(other.Product)] = http.Header{"X-Api-Key": {other.Secret}}
		}
	}
	return headers
}

// wrongSignatures change a signed webhook of Shopify's so that it must not be taken.
func wrongSignatures(p *program) map[string]func(*http.Request) {
	const name = "X-Shopify-Hmac-Sha256"
	signature := func(text string) func(*http.Request) {
		return func(r *http.Request) { r.Header.Set(name, text) }
	}
	of := func(body string) string { return p.Shop.Sign([]byte(body)) }
	return map[string]func(*http.Request){
		"none":               func(r *http.Request) { r.Header.Del(name) },
		"empty":              signature(""),
		"no base64":          signature("%%%"),
		"of another body":    signature(of(`{"id":1}`)),
		"of nothing":         signature(of("")),
		"in hexadecimal":     signature(strings.Repeat("0", 64)),
		"the secret itself":  signature(p.Shop.Secret),
		"twice":              func(r *http.Request) { r.Header.Add(name, r.Header.Get(name)) },
		"with a space in it": func(r *http.Request) { r.Header.Set(name, r.Header.Get(name)[:10]+" "+r.Header.Get(name)[10:]) },
	}
}

// What opens OTLP to other machines asks for a token, on both protocols.
func TestOpenedOTLPAsksForAToken(t *testing.T) {
	all := harness.NewInstallation(t, binaries.AllInOne(t))
	process, _ := all.Run(t)
	gateway := harness.NewGateway(t, binaries.Collector(t), all.Loki.URL, all.Loki,
		"receivers::otlp::protocols::grpc::auth::authenticator: bearertokenauth/otlp",
		"receivers::otlp::protocols::http::auth::authenticator: bearertokenauth/otlp",
		"extensions::bearertokenauth/otlp: {scheme: Bearer, token: the-token}",
		"service::extensions: [file_check, host_check, file_storage/queue, queue_storage, file_storage/state, loki_delivery, health_check, bearertokenauth/otlp]")
	gateway.Args = append(gateway.Args, "--config", "file:"+filepath.Join(harness.Repository(), "config", "products.yaml"))
	gateway.Run(t)

	for name, tokens := range map[string][]string{
		"none": nil, "empty": {""}, "wrong": {"Bearer guess"}, "without its scheme": {"the-token"}, "another scheme": {"Basic the-token"},
		"a wrong one first": {"Bearer guess", "Bearer the-token"}, "the beginning": {"Bearer the-toke"},
	} {
		t.Run(name, func(t *testing.T) {
			assert.Equal(t, http.StatusUnauthorized, sendHTTP(t, gateway, tokens))
			assert.Equal(t, codes.Unauthenticated, sendGRPC(t, gateway, tokens))
		})
	}
	right := []string{"Bearer the-token"}
	assert.Equal(t, http.StatusOK, sendHTTP(t, gateway, right))
	assert.Equal(t, codes.OK, sendGRPC(t, gateway, right))
	w := &world{loki: all.Loki, ledger: map[string]bool{"otlp-http": true, "otlp-grpc": true}}
	w.programs = []*program{{Installation: all, name: "integrationlog", process: process}}
	w.requireUnharmed(t)
}

func sendHTTP(t *testing.T, to *harness.Installation, tokens []string) int {
	t.Helper()
	message, err := plogotlp.NewExportRequestFromLogs(oneRecord("otlp-http", nil)).MarshalProto()
	require.NoError(t, err)
	code, _ := postOTLP(t, to, message, http.Header{"Authorization": tokens})
	return code
}

func sendGRPC(t *testing.T, to *harness.Installation, tokens []string) codes.Code {
	t.Helper()
	ctx := metadata.NewOutgoingContext(t.Context(), metadata.MD{"authorization": tokens})
	client := plogotlp.NewGRPCClient(dialOTLP(t, to))
	_, err := client.Export(ctx, plogotlp.NewExportRequestFromLogs(oneRecord("otlp-grpc", nil)))
	return status.Code(err)
}

func dialOTLP(t *testing.T, to *harness.Installation) *grpc.ClientConn {
	t.Helper()
	l := listener{port: to.Ports.OTLPGRPC}
	connection, err := grpc.NewClient(l.address(), grpc.WithTransportCredentials(insecure.NewCredentials()))
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, connection.Close()) })
	return connection
}

// postOTLP posts a message by OTLP/HTTP.
func postOTLP(t *testing.T, to *harness.Installation, message []byte, header http.Header) (code int, text string) {
	t.Helper()
	l := listener{port: to.Ports.OTLPHTTP}
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "http://"+l.address()+"/v1/logs", bytes.NewReader(message))
	require.NoError(t, err)
	request.Header = header.Clone()
	if request.Header.Get("Content-Type") == "" {
		request.Header.Set("Content-Type", "application/x-protobuf")
	}
	code, text, err = do(request)
	require.NoError(t, err)
	return code, text
}

// The page of the gateway asks for a password, and says which products there are to nobody else.
func TestThePageOfTheGatewayNeedsAPassword(t *testing.T) {
	const hash = "{SHA}W6ph5Mm5Pz8GgiULbPgzG37mj9g=" // of "password"
	loki := harness.NewLokiAlone(t, binaries.AllInOne(t))
	loki.Run(t)
	gateway := harness.NewGateway(t, binaries.Collector(t), loki.URL, loki.Loki)
	for _, file := range []string{"products.yaml", "log-page.yaml"} {
		gateway.Args = append(gateway.Args, "--config", "file:"+filepath.Join(harness.Repository(), "config", file))
	}
	gateway.Args = append(gateway.Args, "--config", "yaml:extensions::basicauth/page::htpasswd::inline: 'reader:"+hash+"'",
		"--config", "yaml:extensions::basicauth/page::htpasswd::file: ''")
	gateway.Run(t)
	l := listener{port: gateway.Ports.Page}
	for _, path := range []string{"/", "/sources", "/tail/events", "/api/v1/activities", "/api/v1/export?format=csv", "/api/v1/openapi.yaml", "/nowhere"} {
		for name, header := range map[string]http.Header{
			"nobody": {}, "wrong": {"Authorization": {"Basic cmVhZGVyOndyb25n"}}, "no password": {"Authorization": {"Basic cmVhZGVyOg=="}},
			"no base64": {"Authorization": {"Basic %"}}, "another scheme": {"Authorization": {"Bearer reader"}},
			"a proxy's word": {"X-Forwarded-User": {"reader"}, "X-Forwarded-For": {"127.0.0.1"}},
		} {
			request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://"+l.address()+path, http.NoBody)
			require.NoError(t, err)
			request.Header = header
			code, text, err := do(request)
			require.NoError(t, err)
			assert.Equal(t, http.StatusUnauthorized, code, "%s %s", path, name)
			assert.NotContains(t, strings.ToLower(text), string(activity.Shopify), "%s %s", path, name)
		}
	}
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://"+l.address()+"/api/v1/activities", http.NoBody)
	require.NoError(t, err)
	request.SetBasicAuth("reader", "password")
	code, text, err := do(request)
	require.NoError(t, err)
	assert.Equal(t, http.StatusOK, code, text)
}
