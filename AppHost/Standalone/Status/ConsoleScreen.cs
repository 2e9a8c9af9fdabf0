using System.Collections.Concurrent;
using System.Threading.Channels;
using Son1kVers3.Standalone.Running;
using Spectre.Console;

namespace Son1kVers3.Standalone.Status;

/// <summary>The terminal: log lines with a coloured prefix, and below them the table while it lives. Without a terminal, plain lines.</summary>
internal sealed class ConsoleScreen
{
    private static readonly Color[] Palette = [Color.Aqua, Color.Fuchsia, Color.Gold1, Color.SpringGreen2, Color.DeepSkyBlue1, Color.Orange1, Color.MediumPurple1, Color.GreenYellow];

    private readonly Channel<(string? Source, string Text)> lines = Channel.CreateUnbounded<(string?, string)>(new UnboundedChannelOptions { SingleReader = true });
    private readonly ConcurrentDictionary<string, Color> colors = new();
    private readonly Func<IReadOnlyList<UnitStatus>> status;
    private readonly IAnsiConsole console = AnsiConsole.Console;
    private readonly Task drawing;

    public ConsoleScreen(Func<IReadOnlyList<UnitStatus>> status)
    {
        this.status = status;
        IsLive = console.Profile.Capabilities.Interactive && !Console.IsOutputRedirected;
        drawing = IsLive ? console.Live(CreateTable()).AutoClear(false).StartAsync(DrawLiveAsync) : DrawPlainAsync();
    }

    /// <summary>Whether there is a terminal that can be drawn on.</summary>
    public bool IsLive { get; }

    /// <summary>A line of a unit (with its prefix) or of the launcher itself.</summary>
    public void Write(string? source, string text) => lines.Writer.TryWrite((source, text));

    /// <summary>The table has changed.</summary>
    public void Refresh() => lines.Writer.TryWrite((null, string.Empty));

    /// <summary>Draws what is left.</summary>
    public Task CloseAsync()
    {
        lines.Writer.TryComplete();
        return drawing;
    }

    /// <summary>The table, in the colours of the states.</summary>
    public Table CreateTable()
    {
        var table = new Table().Border(TableBorder.Rounded).AddColumns("Name", "State", "URL", "Process", "Restarts", "Note");
        foreach (var unit in status())
        {
            table.AddRow(
                Markup.Escape(unit.Name),
                $"[{ColorOf(unit.State)}]{unit.State}[/]",
                Markup.Escape(unit.Url ?? string.Empty),
                unit.Pid?.ToString() ?? string.Empty,
                unit.Restarts == 0 ? string.Empty : unit.Restarts.ToString(),
                Markup.Escape(FirstLine(unit.Note)));
        }

        return table;
    }

    private async Task DrawLiveAsync(LiveDisplayContext context)
    {
        while (await lines.Reader.WaitToReadAsync())
        {
            while (lines.Reader.TryRead(out var line))
            {
                Print(line.Source, line.Text);
            }

            context.UpdateTarget(CreateTable());
        }
    }

    private async Task DrawPlainAsync()
    {
        var shown = new Dictionary<string, UnitStatus>();
        await foreach (var (source, text) in lines.Reader.ReadAllAsync())
        {
            if (text.Length > 0)
            {
                Console.WriteLine(source is null ? text : $"{source,-14} | {text}");
            }

            foreach (var unit in status().Where(unit => !shown.TryGetValue(unit.Name, out var before) || before.State != unit.State))
            {
                shown[unit.Name] = unit;
                Console.WriteLine($"{unit.Name,-14} = {unit.State}{(unit.Pid is { } pid ? $", process {pid}" : string.Empty)}{(unit.Note is null ? string.Empty : ": " + FirstLine(unit.Note))}");
            }
        }
    }

    private void Print(string? source, string text)
    {
        if (text.Length == 0)
        {
            return;
        }

        var color = source is null ? Color.White : colors.GetOrAdd(source, _ => Palette[colors.Count % Palette.Length]);
        console.MarkupLine(source is null ? Markup.Escape(text) : $"[{color.ToMarkup()}]{Markup.Escape(source),-14}[/] {Markup.Escape(text)}");
    }

    private static string FirstLine(string? note) => note?.Split('\n')[0] ?? string.Empty;

    private static string ColorOf(UnitState state) => state switch
    {
        UnitState.Healthy => "green",
        UnitState.Failed => "red",
        UnitState.BackOff or UnitState.Unhealthy => "yellow",
        _ => "grey",
    };
}
