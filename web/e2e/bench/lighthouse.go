package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"

	"plurachat/protocol/protocoltest"
	"plurachat/web/build"
	"plurachat/web/e2e/browser"
	"plurachat/web/preview"
)

// lighthouseVersion is the last version that runs on Node 20.
const lighthouseVersion = "lighthouse@12"

// lighthouse returns an experiment in which Lighthouse scores the preview's landing page with the widget and without
// it. The experiment installs Lighthouse in a folder that it removes afterwards.
func lighthouse(ctx context.Context, root string) experiment {
	return experiment{
		name: "Lighthouse",
		figures: []figure{
			{name: "Lighthouse performance: points lost to the widget", goal: 0},
			{name: "Lighthouse performance of the page with the widget", goal: -1},
		},
		once: true,
		run: func(b *bench) ([]measured, error) {
			dir, err := os.MkdirTemp("", "plura-chat-bench-")
			if err != nil {
				return nil, err
			}
			defer os.RemoveAll(dir)
			if err := npm(ctx, dir, "install", "--no-save", lighthouseVersion); err != nil {
				return nil, err
			}
			demo := protocoltest.New(protocoltest.Demo{}.Options())
			defer demo.Close()
			p := preview.New(&build.Recipe{Root: root}, &build.Compressor{Cache: build.CacheDir()})
			p.Flow, p.Demo = flow, demo.Handler()
			if err := p.Refresh(ctx); err != nil {
				return nil, err
			}
			server := httptest.NewServer(p.Handler())
			defer server.Close()
			var with, without result
			for i := range b.runs {
				fmt.Fprintf(b.log, "  Lighthouse, pair %d of %d\n", i+1, b.runs)
				for _, page := range []struct {
					scores *result
					query  string
				}{{&without, "?bare"}, {&with, ""}} {
					score, err := judge(ctx, dir, server.URL+"/"+page.query)
					if err != nil {
						return nil, err
					}
					page.scores.add(measured{value: score})
				}
			}
			return plain(median(without.values)-median(with.values), median(with.values)), nil
		},
	}
}

// judge returns Lighthouse's performance score for a page, of 100 points.
func judge(ctx context.Context, dir, url string) (float64, error) {
	chrome, err := browser.FindChromium()
	if err != nil {
		return 0, err
	}
	flags := "--headless --disable-gpu --disable-quic --no-first-run --disable-background-networking " +
		"--disable-component-update --disable-sync"
	if os.Getuid() == 0 {
		flags += " --no-sandbox"
	}
	cmd := exec.CommandContext(ctx, filepath.Join(dir, "node_modules", ".bin", "lighthouse"), url,
		"--quiet", "--output=json", "--only-categories=performance", "--chrome-flags="+flags)
	cmd.Env = append(os.Environ(), "CHROME_PATH="+chrome)
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	if err := cmd.Run(); err != nil {
		return 0, fmt.Errorf("lighthouse: %w\n%s", err, stderr.Bytes())
	}
	var report struct {
		Categories struct {
			Performance struct {
				Score float64 `json:"score"`
			} `json:"performance"`
		} `json:"categories"`
	}
	if err := json.Unmarshal(stdout.Bytes(), &report); err != nil {
		return 0, fmt.Errorf("lighthouse: %w", err)
	}
	return report.Categories.Performance.Score * 100, nil
}

// npm runs npm in a folder outside the repository.
func npm(ctx context.Context, dir string, args ...string) error {
	cmd := exec.CommandContext(ctx, "npm", append(args, "--silent", "--no-audit", "--no-fund", "--prefix", dir)...)
	cmd.Dir = dir
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("npm %s: %w\n%s", args[0], err, out)
	}
	return nil
}
