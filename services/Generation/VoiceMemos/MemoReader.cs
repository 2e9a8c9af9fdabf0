using Son1kVers3.Generation.Providers;
using Son1kVers3.ServiceDefaults.Problems;
using Son1kVers3.Studio.Listening;
using Son1kVers3.Studio.Programs;

namespace Son1kVers3.Generation.VoiceMemos;

/// <summary>Reads what somebody uploaded, whatever it is, in bounded time: two at once, and no longer than half a minute each.</summary>
internal sealed class MemoReader(StudioKit kit)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private readonly SemaphoreSlim _turns = new(2);

    /// <summary>The melody, and the fingerprint if the recording is long enough for one.</summary>
    /// <exception cref="ProblemException">400: no audio, too long, or no melody in it. 503: too many others are read.</exception>
    public async Task<(Transcription Melody, Fingerprint? Fingerprint)> ReadAsync(string path, CancellationToken cancellationToken)
    {
        if (!await _turns.WaitAsync(Patience, cancellationToken))
            throw Problem.Unavailable("Too many recordings are being read at the moment; send it again shortly.", TimeSpan.FromSeconds(5));
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Patience);
        try
        {
            var melody = await new Transcriber(kit.Tools).TranscribeAsync(path, patience.Token);
            return (melody, await FingerprintAsync(path, patience.Token));
        }
        catch (AudioRejectedException e)
        {
            throw Rejected(e.Reason);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw Rejected(AudioRejection.NotAudio);
        }
        finally
        {
            _turns.Release();
        }
    }

    private async Task<Fingerprint?> FingerprintAsync(string path, CancellationToken cancellationToken)
    {
        try
        {
            return await new Fingerprinter(kit.Tools).TakeAsync(path, cancellationToken);
        }
        catch (ToolException)
        {
            return null;
        }
    }

    private static ProblemException Rejected(AudioRejection reason) => reason switch
    {
        AudioRejection.TooLong => Problem.Of(400, "audio-too-long", "A voice memo has at most 120 seconds."),
        AudioRejection.Empty => Problem.Of(400, "audio-empty", "There is no sound in this file."),
        AudioRejection.NoMelody => Problem.Of(400, "no-melody", "No melody was found in this recording. Hum or sing closer to the microphone."),
        _ => Problem.Of(400, "audio-unreadable", "This is no audio that can be read. Send WAV, MP3, M4A, Ogg, WebM or FLAC."),
    };
}
