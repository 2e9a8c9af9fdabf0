namespace Son1kVers3.Studio.Rendering;

/// <summary>Tells each whole percent once and never goes back.</summary>
internal sealed class ProgressReporter(IProgress<RenderProgress>? progress)
{
    private readonly Lock gate = new();
    private RenderStage stage = RenderStage.Rendering;
    private int percent = -1;

    public void Report(RenderStage newStage, double newPercent)
    {
        var whole = (int)Math.Clamp(newPercent, 0, 100);
        lock (gate)
        {
            if (newStage == stage && whole <= percent)
            {
                return;
            }

            (stage, percent) = (newStage, whole);
        }

        progress?.Report(new RenderProgress(newStage, whole));
    }

    public void ReportPreview(string path) => progress?.Report(new RenderProgress(RenderStage.Preview, 100, path));
}
