namespace Son1kVers3.Studio;

/// <summary>Quality of a track: bit rates, word length of the master, and the instruments it is rendered with.</summary>
public enum StudioQuality { Standard, High, Ultra }
