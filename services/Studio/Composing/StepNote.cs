namespace Son1kVers3.Studio.Composing;

/// <summary>A note on the grid, before anybody's hands get to it.</summary>
/// <param name="Step">Sixteenths from the start of the piece.</param>
/// <param name="Steps">Length in sixteenths.</param>
/// <param name="Accent">Loudness 0–1, relative to the part.</param>
internal readonly record struct StepNote(int Step, double Steps, int Pitch, double Accent);
