namespace Actors.Sessions.Recall;

/// <summary>What can be seen of a text beside its terms, in eleven bits.</summary>
internal readonly record struct TextTraits
{
    /// <summary>Counts stop here: that there are many is all that matters.</summary>
    public const int MostTimeWords = 2, MostAddressed = 3, MostNames = 3;

    private const int AsksBit = 1, EndsAskingBit = 2, NumberBit = 4, SelfBit = 8;
    private const int TimeShift = 4, AddressShift = 6, NameShift = 8;
    private readonly ushort _bits;

    public TextTraits(bool asks, bool endsAsking, bool hasNumber, bool speaksOfSelf, int timeWords, int addressed, int names) =>
        _bits = (ushort)(
            (asks ? AsksBit : 0) | (endsAsking ? EndsAskingBit : 0) | (hasNumber ? NumberBit : 0) | (speaksOfSelf ? SelfBit : 0)
            | (Math.Min(timeWords, MostTimeWords) << TimeShift)
            | (Math.Min(addressed, MostAddressed) << AddressShift)
            | (Math.Min(names, MostNames) << NameShift));

    /// <summary>Has a question mark.</summary>
    public bool Asks => (_bits & AsksBit) != 0;

    /// <summary>Ends with a question mark.</summary>
    public bool EndsAsking => (_bits & EndsAskingBit) != 0;

    /// <summary>Has a number, in digits or as a word.</summary>
    public bool HasNumber => (_bits & NumberBit) != 0;

    /// <summary>Has a pronoun of the first person.</summary>
    public bool SpeaksOfSelf => (_bits & SelfBit) != 0;

    /// <summary>How many words of time ("yesterday", "June"), at most <see cref="MostTimeWords"/>.</summary>
    public int TimeWords => (_bits >> TimeShift) & 3;

    /// <summary>How many pronouns of the second person, at most <see cref="MostAddressed"/>.</summary>
    public int Addressed => (_bits >> AddressShift) & 3;

    /// <summary>How many capitalised words within sentences that name no speaker, at most <see cref="MostNames"/>.</summary>
    public int Names => (_bits >> NameShift) & 3;
}
