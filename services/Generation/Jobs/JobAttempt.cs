using Son1kVers3.Generation.Data;
using Son1kVers3.Generation.Files;
using Son1kVers3.Generation.Measures;
using Son1kVers3.Generation.Progress;
using Son1kVers3.Generation.Providers;
using Son1kVers3.Generation.Tracks;

namespace Son1kVers3.Generation.Jobs;

/// <summary>One attempt at a job, from taking to its end.</summary>
/// <remarks>
/// All files of an attempt lie under its own path; only completing makes them the track's, and an attempt that does not complete removes
/// them.
/// </remarks>
internal sealed class JobAttempt(
    AttemptTools tools, JobQueue queue, ProviderCatalog providers, TrackMeasurer measurer, Encoder encoder, TimeProvider clock,
    ILogger<JobAttempt> log)
{
    private const int MasteringAt = 75;
    private const int StoringAt = 95;
    private TrackPlan? _plan;
    private ProviderCheckpoint? _checkpoint;
    private TrackStatus _stage = TrackStatus.Composing;

    /// <summary>Percent of the whole for a stage's percent.</summary>
    public static int Overall(TrackStatus stage, int percent) => stage switch
    {
        TrackStatus.Composing => percent * 5 / 100,
        TrackStatus.Rendering => 5 + (percent * (MasteringAt - 5) / 100),
        _ => MasteringAt + (percent * (StoringAt - MasteringAt) / 100),
    };

    /// <summary>Makes the track, or ends the attempt cleanly.</summary>
    public async Task RunAsync(Track job, CancellationToken stopping)
    {
        var token = job.LeaseToken!.Value;
        var prefix = $"tracks/{job.Id}/{token:N}/";
        var scratch = tools.Folder.CreateScratch($"{job.Id:N}-{token:N}");
        var kept = false;
        try
        {
            await using var lease = tools.Hold(job.Id, token, stopping);
            kept = await TryAsync(job, lease, scratch, prefix);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            await queue.RequeueAsync(job.Id, token);
        }
        catch (OperationCanceledException)
        {
            log.LogInformation("Job {Job}, attempt {Attempt} stopped: cancelled or taken over", job.Id, job.Attempts);
        }
        catch (Exception e) when (e.IsDatabase())
        {
            // Whether the last statement was committed is not known: the files may be the track's. If not, they are swept.
            kept = true;
            throw;
        }
        finally
        {
            Directory.Delete(scratch, recursive: true);
            if (!kept)
                await tools.Store.DeleteAsync(prefix, CancellationToken.None);
        }
    }

    private async Task<bool> TryAsync(Track job, JobLease lease, string scratch, string prefix)
    {
        var token = job.LeaseToken!.Value;
        FailureReason reason;
        try
        {
            var result = await ProduceAsync(job, lease, scratch, prefix);
            var title = job.Request.Title ?? (string.IsNullOrWhiteSpace(result.Title) ? job.Request.DefaultTitle() : result.Title);
            return await queue.CompleteAsync(job.Id, token, await FinishAsync(job, result, title, scratch, prefix, lease.Lost));
        }
        catch (ProviderException e)
        {
            log.LogWarning(e, "Job {Job} failed: {Error}", job.Id, e.Error);
            reason = ReasonOf(e.Error);
        }
        catch (Exception e) when (e is not OperationCanceledException && !e.IsDatabase())
        {
            log.LogError(e, "Job {Job} failed", job.Id);
            reason = FailureReason.NotMade;
        }

        await queue.FailAsync(job.Id, token, reason);
        return false;
    }

    /// <summary>Asks the providers in turn until one delivers: first the one that has the job already.</summary>
    private async Task<ProviderResult> ProduceAsync(Track job, JobLease lease, string scratch, string prefix)
    {
        ProviderException? last = null;
        _checkpoint = job.Checkpoint;
        var begun = _checkpoint is null ? null : providers.Find(_checkpoint.Provider);
        var up = await providers.FindUpAsync(job.Request, job.Quality, lease.Lost);
        foreach (var provider in up.Where(p => p != begun).Prepend(begun).OfType<IMusicProvider>())
        {
            try
            {
                return await FollowAsync(
                    provider, job, lease, Directory.CreateDirectory(Path.Combine(scratch, provider.Name)).FullName, prefix);
            }
            catch (ProviderException e) when (e.MayFallBack)
            {
                log.LogWarning("{Provider} could not make {Job} ({Error}): {Reason}", provider.Name, job.Id, e.Error, e.Message);
                last = e;
                _plan = null;
                await KeepAsync(job, null);
            }
        }

        throw last ?? new ProviderException(ProviderError.InvalidRequest, "No provider does what was asked for.");
    }

    private async Task<ProviderResult> FollowAsync(IMusicProvider provider, Track job, JobLease lease, string folder, string prefix)
    {
        var request = new ProviderRequest(job.Id, job.Request, job.Quality, folder);
        var handle = _checkpoint is { } begun && begun.Provider == provider.Name
            ? await provider.ResumeAsync(request, begun.State.GetRawText(), lease.Lost)
            : await provider.SubmitAsync(request, lease.Lost);
        var goesOn = false;
        try
        {
            await foreach (var step in provider.FollowAsync(handle, lease.Lost))
                await ReportAsync(provider, job, lease, step, prefix);
            return await provider.FetchAsync(handle, lease.Lost);
        }
        catch (Exception e) when (_checkpoint is not null && (e is OperationCanceledException || e.IsDatabase()))
        {
            // This worker stops, or lost the job to another: unless the job itself was cancelled, it goes on there. Where the database
            // doesn't say, it does too; what nobody goes on with is found by LeftJobs.
            goesOn = true;
            goesOn = !await queue.HasEndedAsync(job.Id);
            throw;
        }
        finally
        {
            await (goesOn ? provider.LeaveAsync(handle) : provider.CancelAsync(handle));
        }
    }

    /// <summary>Keeps the job at the provider for whoever takes this job up next.</summary>
    private async Task<bool> KeepAsync(Track job, ProviderCheckpoint? checkpoint)
    {
        if (checkpoint is null && _checkpoint is null)
            return true;
        _checkpoint = null;
        var held = await queue.CheckpointAsync(job.Id, job.LeaseToken!.Value, checkpoint);
        _checkpoint = held ? checkpoint : null;
        return held;
    }

    private async Task ReportAsync(IMusicProvider provider, Track job, JobLease lease, ProviderProgress step, string prefix)
    {
        var token = job.LeaseToken!.Value;
        var held = true;
        if (step.Plan is not null && _plan is null)
        {
            _plan = step.Plan;
            held = await queue.PlannedAsync(job.Id, token, provider.Name, step.Plan);
        }

        if (step.Checkpoint is not null)
            held &= await KeepAsync(job, ProviderCheckpoint.Of(provider.Name, step.Checkpoint));
        if (step.PreviewPath is not null)
        {
            var file = await StoreAsync(job.Id, FileSpec.Preview, step.PreviewPath, prefix, "", lease.Lost);
            held &= await queue.PreviewedAsync(job.Id, token, file);
        }
        else if (step.Stage > _stage)
        {
            _stage = step.Stage;
            held &= await queue.EnterAsync(job.Id, token, step.Stage, Overall(step.Stage, 0));
        }
        else if (step.Stage == _stage)
        {
            var overall = Overall(step.Stage, step.Percent);
            lease.Progress = overall;
            tools.Bus.Percent(job, Percentage.Of(step.Stage, step.Percent, overall));
        }

        if (!held)
            throw new OperationCanceledException("The lease is lost.");
    }

    private async Task<FinishedTrack> FinishAsync(
        Track job, ProviderResult result, string title, string scratch, string prefix, CancellationToken lost)
    {
        var (audio, waveform) = (Path.Combine(scratch, "audio.mp3"), Path.Combine(scratch, "waveform.json"));
        // Both read the master only; neither may be at work still when the folder goes.
        var encoding = encoder.EncodeAsync(
            result.MasterPath, audio, FileFormat.Mp3, job.Quality, Encoder.Tags(job.Id, title, result.Plan), lost);
        var measuring = measurer.MeasureAsync(result.MasterPath, result.Plan.Json, result.Provider, job.Request.Seed, lost);
        await Task.WhenAll(encoding, measuring);
        var measures = await measuring;
        await WaveformView.WriteAsync(measures.Outline, waveform, lost);
        List<TrackFile> files =
        [
            await StoreAsync(job.Id, FileSpec.Master, result.MasterPath, prefix, title, lost),
            await StoreAsync(job.Id, FileSpec.Mp3, audio, prefix, title, lost),
            await StoreAsync(job.Id, WaveformView.Usual, waveform, prefix, title, lost),
        ];
        foreach (var file in result.Files)
            files.Add(await StoreAsync(job.Id, file.Spec, file.Path, prefix, result.Title ?? "", lost));
        return new FinishedTrack(title, job.Request.DefaultTitle(), result.DurationSeconds, measures, files);
    }

    private async Task<TrackFile> StoreAsync(Guid job, FileSpec spec, string path, string prefix, string title, CancellationToken lost)
    {
        var key = $"{prefix}{spec}";
        return TrackFile.Of(job, spec, key, await tools.Store.PutAsync(key, path, lost), title, clock.GetUtcNow());
    }

    private static FailureReason ReasonOf(ProviderError error) => error switch
    {
        ProviderError.ContentRejected => FailureReason.ContentRejected,
        ProviderError.InvalidRequest => FailureReason.InvalidRequest,
        ProviderError.RateLimited or ProviderError.ConcurrencyLimited or ProviderError.QuotaExhausted => FailureReason.Busy,
        _ => FailureReason.NotMade,
    };
}

/// <summary>What an attempt works with.</summary>
internal sealed class AttemptTools(
    IServiceScopeFactory scopes, DatabaseSignals signals, JobOptions options, ITrackStore store, MediaFolder folder, ProgressBus bus)
{
    public ProgressBus Bus => bus;
    public ITrackStore Store => store;
    public MediaFolder Folder => folder;

    public JobLease Hold(Guid job, Guid token, CancellationToken stopping) => new(job, token, scopes, signals, options, stopping);
}
