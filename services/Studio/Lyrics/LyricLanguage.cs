using Son1kVers3.Studio.Text;

namespace Son1kVers3.Studio.Lyrics;

/// <summary>Tells whether words are Spanish or English, the two languages that the studio sings.</summary>
public static class LyricLanguage
{
    private static readonly HashSet<string> Spanish = new(StringComparer.Ordinal)
    {
        "el", "la", "los", "las", "de", "que", "y", "en", "un", "una", "mi", "tu", "con", "por", "para", "amor", "se", "es", "te", "yo",
        "como", "del", "al", "sin", "su", "corazon",
        "noche", "vida", "tengo", "quiero", "hay", "son", "somos", "veces", "dias", "anos", "ano", "si", "ya", "mas", "pero", "porque",
        "cuando", "donde", "tiene", "tienes", "estoy",
        "esta", "este", "eres", "soy", "fue", "todo", "toda", "nada", "vamos", "voy", "va", "ven", "dame", "dime", "mil", "cien", "muy",
        "hasta", "desde", "nos", "lo", "le", "les",
        "noches", "besos", "cielo", "luna", "sol", "mundo", "baila", "bailar", "euros", "pesos", "a las",
    };

    private static readonly HashSet<string> English = new(StringComparer.Ordinal)
    {
        "the", "and", "of", "to", "in", "i", "you", "my", "your", "is", "are", "with", "for", "on", "it", "we", "love", "night", "that",
        "this", "when", "was", "all", "be", "from",
        "at", "go", "have", "had", "has", "got", "get", "i'm", "don't", "you're", "it's", "they", "she", "he", "her", "his", "not", "but",
        "so", "if", "what", "like", "just", "time",
        "life", "baby", "down", "up", "out", "red", "balloons", "miles", "days", "years", "nights", "dollars", "o'clock", "am", "by",
        "one", "two", "three", "song", "will",
    };

    /// <summary><c>es</c> or <c>en</c>: by the words, else by what the prompt says or is written in.</summary>
    public static string Of(string lyrics, string prompt)
    {
        var asked = Words.Split(prompt);
        var spanish = asked.Any(word => word is "espanol" or "castellano" or "spanish" or "espanola");
        var english = asked.Any(word => word is "english" or "ingles" or "inglesa");
        return Evidence(lyrics) switch
        {
            > 0 => "es",
            < 0 => "en",
            _ when spanish != english => spanish ? "es" : "en",
            _ => Evidence(prompt) > 0 ? "es" : "en",
        };
    }

    // Above zero for Spanish.
    private static int Evidence(string text)
    {
        var words = Words.Split(text);
        var signs = text.Count(c => "áéíóúñ¿¡".Contains(char.ToLowerInvariant(c), StringComparison.Ordinal));
        return words.Count(Spanish.Contains) + (2 * signs) - words.Count(English.Contains);
    }
}
