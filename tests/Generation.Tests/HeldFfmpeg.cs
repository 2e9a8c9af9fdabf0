using Son1kVers3.Testing;

namespace Son1kVers3.Generation.Tests;

/// <summary>
/// The real ffmpeg, with what is made of stored tracks in the test's hand: it can be held, or made to fail. Restorings take a fifth of the
/// music's time.
/// </summary>
internal sealed class HeldFfmpeg
{
    private const string Script =
        """
        #!/bin/sh
        id=$(expr "$*" : '.*/tracks/\([0-9a-f-]*\)/')
        pace=
        case "$*" in *master.flac.part)
            echo begun >> "$0.begun-$id"
            pace="-readrate 5" ;;
        esac
        while [ -n "$id" ] && [ -e "$0.hold-$id" ]; do sleep 0.05; done
        if [ -n "$id" ] && [ -e "$0.fail-$id" ]; then exit 1; fi
        exec ffmpeg $pace "$@"
        """;

    public HeldFfmpeg()
    {
        Path = System.IO.Path.Combine(TestRun.CreateFolder("ffmpeg"), "ffmpeg");
        File.WriteAllText(Path, Script);
        File.SetUnixFileMode(Path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    /// <summary>The value of <c>Studio:Ffmpeg</c>.</summary>
    public string Path { get; }

    /// <summary>What is made of a track waits at its beginning.</summary>
    public void Hold(Guid id) => File.WriteAllText($"{Path}.hold-{id}", "");

    public void Release(Guid id) => File.Delete($"{Path}.hold-{id}");

    /// <summary>What is made of a track fails, or no longer.</summary>
    public void Fail(Guid id, bool fails)
    {
        if (fails)
            File.WriteAllText($"{Path}.fail-{id}", "");
        else
            File.Delete($"{Path}.fail-{id}");
    }

    /// <summary>How many restorings of a track were begun.</summary>
    public int Begun(Guid id) => File.Exists($"{Path}.begun-{id}") ? File.ReadAllLines($"{Path}.begun-{id}").Length : 0;

    public Task WhenBegunAsync(Guid id, int times = 1) =>
        Eventually.TrueAsync(() => Task.FromResult(Begun(id) == times), "the restoring began");
}
