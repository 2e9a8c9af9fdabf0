namespace Son1kVers3.AppHost.Lifetime;

/// <summary>The application can't run here and now; the message tells a person what to do.</summary>
internal sealed class StartRefusedException(string message) : Exception(message);
