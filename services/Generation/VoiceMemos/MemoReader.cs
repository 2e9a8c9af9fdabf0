using Son1kVers3.Generation.Files;
using Son1kVers3.ServiceDefaults.Concurrency;
using Son1kVers3.ServiceDefaults.Problems;
using Son1kVers3.Studio.Listening;
using Son1kVers3.Studio.Programs;

namespace Son1kVers3.Generation.VoiceMemos;

/// <summary>
/// Reads what somebody uploaded, whatever it is, in bounded time: two at once, one of a member, in fair turns of members, and no longer
/// than half a minute each.
/// </summary>
internal sealed class MemoReader(StudioToolbox toolbox)
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(30);
    private readonly FairTurns _turns = new(capacity: 2, perMember: 1);

    /// <summary>The melody, and the fingerprint if the recording is long enough for one.</summary>
    /// <exception cref="ProblemException">400: no audio, too long, or no melody in it. 503: too many others are read.</exception>
    public async Task<(
        Transcription Melody, Fingerprint? Fingerprint)> ReadAsync(string path, Guid member, CancellationToken cancellationToken)
    {
        using var turn = await TakeTurnAsync(member, cancellationToken);
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timeout.CancelAfter(Timeout);
        try
        {
            var melody = await new Transcriber(toolbox.Tools).TranscribeAsync(path, timeout.Token);
            return (melody, await FingerprintAsync(path, timeout.Token));
        }
        catch (AudioRejectedException e)
        {
            throw Rejected(e.Reason);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw Rejected(AudioRejection.NotAudio);
        }
    }

    private async Task<IDisposable> TakeTurnAsync(Guid member, CancellationToken cancellationToken)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timeout.CancelAfter(Timeout);
        try
        {
            return await _turns.TakeAsync(member.ToString(), timeout.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw Problem.Unavailable("Too many recordings are being read at the moment; send it again shortly.", TimeSpan.FromSeconds(5));
        }
    }

    private async Task<Fingerprint?> FingerprintAsync(string path, CancellationToken cancellationToken)
    {
        try
        {
            return await new Fingerprinter(toolbox.Tools).TakeAsync(path, cancellationToken);
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
        AudioRejection.NoMelody =>
            Problem.Of(400, "no-melody", "No melody was found in this recording. Hum or sing closer to the microphone."),
        _ => Problem.Of(400, "audio-unreadable", "This is no audio that can be read. Send WAV, MP3, M4A, Ogg, WebM or FLAC."),
    };
}
