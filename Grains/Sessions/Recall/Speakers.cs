namespace Actors.Sessions.Recall;

/// <summary>
/// Who takes part in conversations, numbered from 0 and known by the words of their names, case and accents aside. Memories
/// outside of conversations do not count: an agent that signs its notes "ledger" must not make a name of that word.
/// </summary>
internal sealed class Speakers
{
    /// <summary>Number of nobody.</summary>
    public const int None = -1;

    private readonly Dictionary<string, int> _numbers = new(StringComparer.Ordinal);
    private readonly List<Speaker> _speakers = [];
    private readonly Dictionary<string, int> _names = new(StringComparer.Ordinal);

    private sealed record Speaker(string[] Names)
    {
        public int Turns { get; set; }
    }

    /// <summary>Whether a word, in lower case, is part of a speaker's name.</summary>
    public bool IsName(string word) => _names.GetValueOrDefault(word) > 0;

    /// <summary>Counts a turn of a speaker.</summary>
    /// <param name="name">As the memory has it.</param>
    /// <param name="newNames">Words that are names only from now on.</param>
    /// <returns>The speaker's number.</returns>
    public int Enter(string name, out IReadOnlyList<string> newNames)
    {
        var words = WordsOf(name);
        var key = string.Join(' ', words);
        if (!_numbers.TryGetValue(key, out var number))
        {
            number = _speakers.Count;
            _numbers.Add(key, number);
            _speakers.Add(new Speaker([.. words.Where(word => word.Length > 1 && !WordClass.Stop.Contains(word)).Distinct()]));
        }

        newNames = _speakers[number].Turns++ == 0 ? Count(_speakers[number].Names, 1) : [];
        return number;
    }

    /// <summary>Takes a turn back.</summary>
    /// <returns>Words that are no names any more.</returns>
    public IReadOnlyList<string> Leave(int number) => --_speakers[number].Turns == 0 ? Count(_speakers[number].Names, -1) : [];

    /// <summary>The one speaker a question names; <see cref="None"/> when it names none or several.</summary>
    public int NamedIn(IReadOnlyList<string> words)
    {
        var named = None;
        if (!words.Any(word => IsName(word)))
        {
            return named;
        }

        for (var number = 0; number < _speakers.Count; number++)
        {
            if (_speakers[number].Turns > 0 && _speakers[number].Names.Any(words.Contains))
            {
                if (named != None)
                {
                    return None;
                }

                named = number;
            }
        }

        return named;
    }

    // The names whose count has just become, or ceased to be, one or more.
    private List<string> Count(string[] names, int by)
    {
        var turned = new List<string>();
        foreach (var name in names)
        {
            var count = _names.GetValueOrDefault(name) + by;
            _names[name] = count;
            if (count == Math.Max(0, by))
            {
                turned.Add(name);
            }
        }

        return turned;
    }

    private static List<string> WordsOf(string name)
    {
        var words = new List<string>();
        var tokenizer = new Tokenizer(FoldedText.Of(name), stackalloc char[Tokenizer.MaxWordLength]);
        for (var word = tokenizer.Next(); !word.IsEmpty; word = tokenizer.Next())
        {
            words.Add(word.ToString());
        }

        return words;
    }
}
