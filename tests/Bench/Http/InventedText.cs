using System.Text;

namespace Actors.Bench.Http;

/// <summary>
/// Sentences of invented words, the same in every run. How often words occur falls with their rank as in English texts
/// (Zipf's law with Mandelbrot's offset), so that a question's words match few or many memories as real ones would.
/// </summary>
internal sealed class InventedText
{
    private const int VocabularySize = 4_000;
    private const int WordsPerSentence = 18;
    private const double Offset = 10;
    private static readonly string[] Little = ["the", "of", "and", "to", "in", "that", "was", "with", "for", "is"];

    private readonly Random _random = new(7304);
    private readonly string[] _words;
    private readonly double[] _cumulated = new double[VocabularySize];

    public InventedText()
    {
        var words = new HashSet<string>();
        while (words.Count < VocabularySize)
        {
            words.Add(Invent());
        }

        _words = [.. words];
        var sum = 0.0;
        for (var rank = 0; rank < VocabularySize; rank++)
        {
            _cumulated[rank] = sum += 1 / (rank + 1 + Offset);
        }
    }

    public string Sentence() => string.Join(' ', Enumerable.Range(0, WordsPerSentence).Select(i => i % 3 == 1 ? AnyOf(Little) : Word())) + ".";

    /// <summary>Distinct questions, each with three words of one of the sentences and two others.</summary>
    public string[] Questions(IReadOnlyList<string> sentences, int count)
    {
        var questions = new HashSet<string>();
        while (questions.Count < count)
        {
            questions.Add(Question(sentences));
        }

        return [.. questions];
    }

    /// <summary>Distinct questions of clients in turn, each made as <see cref="Questions(IReadOnlyList{string}, int)"/> does from what the client remembers.</summary>
    public (string ClientId, string Text)[] Questions(IReadOnlyList<StoredClient> clients, int count)
    {
        var questions = new HashSet<(string, string)>();
        while (questions.Count < count)
        {
            var client = clients[questions.Count % clients.Count];
            questions.Add((client.Id, Question(client.Sentences)));
        }

        return [.. questions];
    }

    private string Question(IReadOnlyList<string> sentences)
    {
        var words = sentences[_random.Next(sentences.Count)].TrimEnd('.').Split(' ').Except(Little).ToArray();
        return $"what about {AnyOf(words)} {AnyOf(words)} and {AnyOf(words)} with {Word()} {Word()}?";
    }

    private string Word()
    {
        var found = Array.BinarySearch(_cumulated, _random.NextDouble() * _cumulated[^1]);
        return _words[Math.Min(found < 0 ? ~found : found, VocabularySize - 1)];
    }

    private string Invent()
    {
        var word = new StringBuilder();
        for (var syllables = _random.Next(2, 5); syllables > 0; syllables--)
        {
            word.Append("bdfgklmnprstvz"[_random.Next(14)]).Append("aeiou"[_random.Next(5)]);
        }

        return word.ToString();
    }

    private string AnyOf(string[] words) => words[_random.Next(words.Length)];
}
