using System.Globalization;

namespace Son1kVers3.Studio.Text;

/// <summary>Numbers in figures, or in Spanish and English words: <c>ciento veinte</c>, <c>one hundred and ten</c>.</summary>
internal static class SpelledNumber
{
    private static readonly Dictionary<string, int> Values = Read(
        "0 zero cero", "1 one un uno una", "2 two dos", "3 three tres", "4 four cuatro", "5 five cinco", "6 six seis", "7 seven siete",
        "8 eight ocho", "9 nine nueve", "10 ten diez",
        "11 eleven once", "12 twelve doce", "13 thirteen trece", "14 fourteen catorce", "15 fifteen quince", "16 sixteen dieciseis",
        "17 seventeen diecisiete", "18 eighteen dieciocho",
        "19 nineteen diecinueve", "20 twenty veinte", "21 veintiuno", "22 veintidos", "23 veintitres", "24 veinticuatro", "25 veinticinco",
        "26 veintiseis", "27 veintisiete",
        "28 veintiocho", "29 veintinueve", "30 thirty treinta", "40 forty cuarenta", "50 fifty cincuenta", "60 sixty sesenta",
        "70 seventy setenta", "80 eighty ochenta", "90 ninety noventa",
        "100 cien ciento", "200 doscientos", "300 trescientos");

    /// <summary>The number that starts at a word and how many words it takes; null where there is none.</summary>
    public static (int Value, int Words)? Read(string[] words, int start)
    {
        if (start >= words.Length)
        {
            return null;
        }

        if (int.TryParse(words[start], NumberStyles.None, CultureInfo.InvariantCulture, out var figures))
        {
            return (figures, 1);
        }

        var sum = 0;
        var smallest = int.MaxValue;
        var end = start;
        for (var i = start; i < words.Length; i++)
        {
            var hundreds = words[i] == "hundred" && sum < 10;
            if (hundreds || (Values.TryGetValue(words[i], out var value) && value < smallest))
            {
                sum = hundreds ? 100 * Math.Max(1, sum) : sum + Values[words[i]];
                // Tens take ones, hundreds take both.
                smallest = sum % 100 == 0 ? 100 : sum % 10 == 0 ? 10 : 0;
                end = i + 1;
            }
            else if (i == start || words[i] is not ("y" or "and"))
            {
                break;
            }
        }

        // "A minute", but no number by itself.
        return end > start ? (sum, end - start) : words[start] == "a" ? (1, 1) : null;
    }

    private static Dictionary<string, int> Read(params string[] lines) =>
        lines.Select(line => line.Split(' '))
            .SelectMany(line => line.Skip(1).Select(word => (Word: word, Value: int.Parse(line[0], CultureInfo.InvariantCulture))))
            .ToDictionary(entry => entry.Word, entry => entry.Value, StringComparer.Ordinal);
}
