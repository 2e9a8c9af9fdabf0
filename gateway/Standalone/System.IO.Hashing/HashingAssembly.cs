using System.IO.Hashing;

namespace Son1kVers3.Hashing;

/// <summary>Refers to the wrapped assembly, so that the build copies it to whoever refers to this project.</summary>
public static class HashingAssembly
{
    /// <summary>The wrapped assembly's name.</summary>
    public static string Name { get; } = typeof(XxHash64).Assembly.GetName().FullName;
}
