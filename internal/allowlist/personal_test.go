// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package allowlist

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestPersonal: each is personal alone, within a name and, where it has no blank, as a part
// of an id.
func TestPersonal(t *testing.T) {
	const jwt = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NSJ9.dGhpc2lzbm90YQ"
	for _, text := range []string{
		"jane@example.com", "jane%40example.com",
		"+33612345678", "+33 6 12 34 56 78", "+33 612 345 678", "+1 (555) 123-4567", "+49-30-12345678", "+ 43 660 5550143",
		"(555) 123-4567", "(0664) 1234567",
		"555-123-4567", "555.123.4567", "555 123 4567", "1-555-123-4567",
		"06 12 34 56 78", "06.12.34.56.78", "06-12-34-56-78", "33 6 12 34 56 78", "0033 6 12 34 56 78",
		"0664/1234567", "030 12345678", "020 7946 0958",
		"tel:0612345678", "whatsapp:436605550143", "phone 33612345678", "phone_number=33612345678",
		"4111111111111111", "4111 1111 1111 1111", "5500-0000-0000-0004", "2223000048400011", "378282246310005", "3782 822463 10005",
		"3056 930902 5904",
		"Bearer abc123def456", "bearer QWERTYUIOPASDFGHJKLZ", "Bearer:abc123", "Basic amFuZTpzZWNyZXRzZWNyZXQ=", "basic dXNlcjpwYXNz",
		jwt, "shpat_0123456789abcdef", "shpss_0123456789abcdef", "00D000000000001AAA!NOT.A.SESSION_0123456789",
		"xoxb-123456789012-abcdefghijkl", "ghp_0123456789abcdef0123", "github_pat_0123456789abcdef", "sk_live_1234567abcdefgh", "AKIA0123456789ABCDEF",
		"access_token=s3cr3tvalue", "client_secret:0123456789abcdef", "api_key=0123456789", "API_KEY=0123456789", "password=hunter2",
	} {
		require.True(t, IsPersonal(text), text)
		require.True(t, IsPersonal("Call "+text+" (mobile)"), text)
		if !strings.Contains(text, " ") {
			require.True(t, IsPersonal("order_"+text+":1"), text)
		}
	}
	// These are in a form that only a whole text can have.
	for _, text := range []string{"612 345 678", "123-45-6789", "33-612-345-678", "12/345/6789"} {
		require.True(t, IsPersonal(text), text)
	}
}

// TestNotPersonal: what ids, names, times and addresses of hosts look like.
func TestNotPersonal(t *testing.T) {
	for _, text := range []string{
		"", "18-646602214", "18-646602328", "zis:4711001:order_sync:on_ticket_created:TellWarehouse:error:18-646602214",
		"9007199254740993", "820982911946154508", "33612345678", "0612345678", "12345678901234", "4111111111111112", "378282246310006", "41111111111111111",
		"b1946ac9-2492-4d23-94f7-5ed9b3d5a1d2", "12345678-1234-1234-1234-123456789012", "order-00000000-0123-4567-8901-000000000000",
		"01HAN7ZK9V4SX2T6B3M5Q8R0YC", "65f1c0de9a3b7c0012d4e501", "0031x00000AbCdEAAV", "5003000000D8cuIQAR", "00D000000000001AAA",
		"403-1234567-1234567", "gid://shopify/Order/820982911946154508", "acme.myshopify.com/orders/create",
		"2026-11-26", "2026-11-26T08:46:37Z", "2026-11-26 08:46:37 +0100", "20261126-0930-17", "run-2026-01-02-03-04-05", "Report of 01/02/2026 10:30", "1795685400.25",
		"192.168.100.200", "10.0.0.7", "v1.2.3", "whatsapp:131047", "#1001", "1,234,567.89 EUR",
		"Bearer authentication", "Basic authentication", "Basic plan", "Token refresh", "token: expired", "Password reset", "secret santa", "high_availability_of_everything",
		"Order bot 2026-11", "La Poste & Cie",
	} {
		require.False(t, IsPersonal(text), text)
	}
}

// TestIDsStay takes many ids of each kind.
func TestIDsStay(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	letters := func(alphabet string, n int) string {
		b := make([]byte, n)
		for i := range b {
			b[i] = alphabet[random.IntN(len(alphabet))]
		}
		return string(b)
	}
	const digits, hex = "0123456789", "0123456789abcdef"
	const ulid, base62 = "0123456789ABCDEFGHJKMNPQRSTVWXYZ", digits + "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
	for range 5000 {
		group := hex
		if random.IntN(2) == 0 {
			group = digits // such groups are most like phone numbers
		}
		for _, id := range []string{
			fmt.Sprintf("%s-%s-4%s-8%s-%s", letters(group, 8), letters(group, 4), letters(group, 3), letters(group, 3), letters(group, 12)),
			letters(ulid, 26), letters(hex, 24), letters(hex, 32), letters(base62, 15), letters(base62, 18),
			letters(digits, 1+random.IntN(14)), letters(digits, 17+random.IntN(10)),
			fmt.Sprintf("%d-%s", 1+random.IntN(99), letters(digits, 9)),
		} {
			require.False(t, IsPersonal(id), id)
		}
	}
}

func TestMayBePhoneNumber(t *testing.T) {
	for text, want := range map[string]bool{
		"": false, "123456": false, "1234567": true, "123456789012345": true, "1234567890123456": false,
		"+33 (6) 12 34-56.78": true, "18-646602214": true, "0664/1234567": true, "a1234567": false, "------------": false,
	} {
		require.Equal(t, want, MayBePhoneNumber(text), text)
	}
}

func BenchmarkIsPersonal(b *testing.B) {
	for name, text := range map[string]string{
		"id": "zis:4711001:order_sync:on_ticket_created:TellWarehouse:error:18-646602214", "name": "Bestellungen für Köln", "UUID": "b1946ac9-2492-4d23-94f7-5ed9b3d5a1d2",
	} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if IsPersonal(text) {
					b.Fatal(text)
				}
			}
		})
	}
}
