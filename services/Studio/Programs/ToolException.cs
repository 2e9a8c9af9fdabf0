namespace Son1kVers3.Studio.Programs;

/// <summary>How a program failed.</summary>
public enum ToolFailure
{
    /// <summary>It said that it can't, by its exit code.</summary>
    Refused,

    /// <summary>A signal ended it: it crashed, or wanted more memory or file than it may have.</summary>
    Crashed,

    /// <summary>It was stopped: too long by the clock or in processor time.</summary>
    OutOfTime,
}

/// <summary>A program that the studio works with did not do what it was asked.</summary>
public sealed class ToolException(string tool, ToolFailure failure, int exitCode, string messages)
    : Exception($"{tool} {Describe(failure, exitCode)}: {messages[Math.Max(0, messages.Length - LongestMessage)..].Trim()}")
{
    private const int LongestMessage = 500;

    public string Tool { get; } = tool;

    public ToolFailure Failure { get; } = failure;

    /// <summary>128 and the signal's number where one ended it.</summary>
    public int ExitCode { get; } = exitCode;

    private static string Describe(ToolFailure failure, int exitCode) => failure switch
    {
        ToolFailure.Crashed => FormattableString.Invariant($"crashed (signal {exitCode - 128})"),
        ToolFailure.OutOfTime => "was stopped, it took too long",
        _ => FormattableString.Invariant($"ended with {exitCode}"),
    };
}
