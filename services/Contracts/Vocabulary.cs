using System.Text.Json.Serialization;

namespace Son1kVers3.Contracts;

/// <summary>A subscription's tier.</summary>
[JsonConverter(typeof(NamedEnumConverter<Tier>))]
public enum Tier
{
    [JsonStringEnumMemberName("FREE")] Free,
    [JsonStringEnumMemberName("CREATOR")] Creator,
    [JsonStringEnumMemberName("PRO")] Pro,
    [JsonStringEnumMemberName("STUDIO")] Studio,
}

/// <summary>Which allowance a generation was counted against.</summary>
[JsonConverter(typeof(NamedEnumConverter<Allowance>))]
public enum Allowance
{
    [JsonStringEnumMemberName("FREE")] Free,
    [JsonStringEnumMemberName("PAID")] Paid,
    [JsonStringEnumMemberName("ALVAE")] Alvae,
}

/// <summary>A level of the ALVAE badge.</summary>
[JsonConverter(typeof(NamedEnumConverter<AlvaeLevel>))]
public enum AlvaeLevel
{
    [JsonStringEnumMemberName("FOUNDER")] Founder,
    [JsonStringEnumMemberName("TESTER")] Tester,
    [JsonStringEnumMemberName("EARLY_ADOPTER")] EarlyAdopter,
}

/// <summary>Sound quality of a track: bit rates, SoundFont and bit depth follow from it.</summary>
[JsonConverter(typeof(NamedEnumConverter<Quality>))]
public enum Quality
{
    [JsonStringEnumMemberName("standard")] Standard,
    [JsonStringEnumMemberName("high")] High,
    [JsonStringEnumMemberName("ultra")] Ultra,
}

/// <summary>Who can see and play a track.</summary>
[JsonConverter(typeof(NamedEnumConverter<Visibility>))]
public enum Visibility
{
    [JsonStringEnumMemberName("private")] Private,
    [JsonStringEnumMemberName("unlisted")] Unlisted,
    [JsonStringEnumMemberName("public")] Public,
}
