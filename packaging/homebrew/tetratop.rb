# Template of the Homebrew formula. `npm run release -- --base-url=URL` fills it in. It takes the same archives as krew.
class Tetratop < Formula
  desc "Live view of what Cilium Tetragon sees in a Kubernetes cluster"
  homepage "${HOMEPAGE}"
  version "${VERSION}"
  license "Apache-2.0"

  on_macos do
    on_arm do
      url "${URL_darwin_arm64}"
      sha256 "${SHA256_darwin_arm64}"
    end
    on_intel do
      url "${URL_darwin_amd64}"
      sha256 "${SHA256_darwin_amd64}"
    end
  end

  on_linux do
    on_arm do
      url "${URL_linux_arm64}"
      sha256 "${SHA256_linux_arm64}"
    end
    on_intel do
      url "${URL_linux_amd64}"
      sha256 "${SHA256_linux_amd64}"
    end
  end

  def install
    bin.install "tetratop"
    bin.install_symlink "tetratop" => "kubectl-tetratop"
    generate_completions_from_executable(bin/"tetratop", "completion", shells: [:bash, :zsh, :fish])
    (man1/"tetratop.1").write Utils.safe_popen_read(bin/"tetratop", "man")
  end

  test do
    assert_match version.to_s, shell_output("#{bin}/tetratop version")
    assert_match "Apache License", shell_output("#{bin}/tetratop licenses")
  end
end
