using System.Globalization;
using System.Text.RegularExpressions;
using Son1kVers3.Studio.Text;

namespace Son1kVers3.Studio.Lyrics;

/// <summary>Says what <see cref="LyricNumbers"/> found, in one language.</summary>
/// <param name="noun">The word that is counted, lower case; empty where none follows. Spanish numbers agree with it.</param>
internal sealed class NumberSpeech(bool spanish, string noun)
{
    public string Say(Match match)
    {
        var groups = match.Groups;
        return groups["hour"].Success ? Time(Integer(groups["hour"]), Integer(groups["minute"]))
            : groups["phone"].Success ? Figures(groups["phone"].Value)
            : groups["above"].Success ? Fraction(Integer(groups["above"]), Integer(groups["below"]))
            : groups["rank"].Success ? $"{(spanish ? "número" : "number")} {Cardinal(Integer(groups["rank"]))}"
            : groups["figures"].Success ? Figures(groups["figures"].Value)
            : groups["decade"].Success ? Decade(Integer(groups["decade"]))
            : groups["ordinal"].Success ? Ordinal(Integer(groups["ordinal"]), groups["gender"].Value)
            : Amount(groups);
    }

    private string Amount(GroupCollection groups)
    {
        var (whole, point) = Parts(groups["number"].Value);
        var coin = groups["coin"].Success ? groups["coin"].Value : groups["unit"].Value is "%" or "" ? "" : groups["unit"].Value;
        var sign = !groups["sign"].Success ? "" : spanish ? "menos " : "minus ";
        var words = coin.Length > 0 ? Money(whole, point, coin)
            : groups["unit"].Value == "%" ? Percent(whole, point)
            : Count(groups["number"].Value, whole, point);
        return sign + words + (!groups["range"].Success ? "" : spanish ? " a " : " to ");
    }

    private string Count(string figures, long whole, string point)
    {
        if (point.Length > 0)
        {
            return Decimal(whole, point, figures.Contains(',', StringComparison.Ordinal));
        }

        var year = figures.Length == 4 && whole is >= 1100 and < 2100 && !spanish;
        return year ? EnglishNumbers.Year((int)whole) : spanish ? SpanishNumbers.Cardinal(whole, noun) : EnglishNumbers.Cardinal(whole);
    }

    // A hundred per cent is "cien por cien" or "cien por ciento"; both are heard.
    private string Percent(long whole, string point) =>
        (point.Length > 0 ? Decimal(whole, point, comma: true) : Cardinal(whole)) + (spanish ? " por ciento" : " percent");

    private string Money(long whole, string point, string coin)
    {
        var one = whole == 1;
        var name = (coin, spanish) switch
        {
            ("$", true) => one ? "dólar" : "dólares",
            ("$", false) => one ? "dollar" : "dollars",
            ("€", true) => one ? "euro" : "euros",
            ("€", false) => one ? "euro" : "euros",
            ("£", true) => one ? "libra" : "libras",
            ("£", false) => one ? "pound" : "pounds",
            (_, true) => one ? "yen" : "yenes",
            _ => "yen",
        };
        var amount = spanish ? SpanishNumbers.Cardinal(whole, name) : EnglishNumbers.Cardinal(whole);
        var millions = spanish && whole >= 1_000_000 && whole % 1_000_000 == 0 ? " de" : "";
        var cents = point.Length == 2 && point != "00"
            ? (spanish ? " con " : " ") + Cardinal(long.Parse(point, CultureInfo.InvariantCulture)) : "";
        return $"{amount}{millions} {name}{cents}";
    }

    private string Decimal(long whole, string point, bool comma) =>
        $"{Cardinal(whole)} {(spanish ? comma ? "coma" : "punto" : "point")} {Figures(point)}";

    private string Ordinal(long number, string gender) => spanish
        ? SpanishNumbers.Ordinal(number, gender.EndsWith('a') || gender == "ª", gender is "er" || (gender == "º" && noun.Length > 0))
        : EnglishNumbers.Ordinal(number);

    private string Decade(long first) => spanish ? SpanishNumbers.Cardinal(first) : EnglishNumbers.Decade((int)first);

    private string Time(long hour, long minute) =>
        spanish ? SpanishNumbers.Time((int)hour, (int)minute) : EnglishNumbers.Time((int)hour, (int)minute);

    // Twenty four seven is no fraction, and neither is fifty fifty.
    private string Fraction(long above, long below) =>
        above == 0 || below < 2 || above >= below ? $"{Cardinal(above)} {Cardinal(below)}"
        : spanish ? SpanishNumbers.Fraction(above, below)
        : EnglishNumbers.Fraction(above, below);

    private string Figures(string figures) => string.Join(' ', figures.Where(char.IsAsciiDigit).Select(figure => Cardinal(figure - '0')));

    private string Cardinal(long number) => spanish ? SpanishNumbers.Cardinal(number) : EnglishNumbers.Cardinal(number);

    // Groups of three are thousands; what follows any other point or comma is a decimal.
    private (long Whole, string Point) Parts(string figures)
    {
        var thousands = spanish ? ".," : ",";
        var groups = figures.Split([.. thousands]);
        if (groups.Length > 1 && groups[0].Length <= 3 && groups.Skip(1).All(group => group.Length == 3))
        {
            return (long.Parse(string.Concat(groups), CultureInfo.InvariantCulture), "");
        }

        var parts = (spanish ? figures : figures.Replace(",", "", StringComparison.Ordinal)).Split(['.', ',']);
        return (long.Parse(parts[0], CultureInfo.InvariantCulture), parts.Length > 1 ? parts[1] : "");
    }

    private static long Integer(Group group) => long.Parse(group.Value, CultureInfo.InvariantCulture);
}
