namespace Actors.Extraction;

/// <summary>What people like, and what they do not.</summary>
internal static class PreferenceRules
{
    private static readonly WordSet Often = new("usually always never generally normally typically often mostly mainly only");

    private static readonly WordSet Strongly = new("really much strongly definitely absolutely just also actually truly very so do");

    private static readonly WordSet Liking = new("prefer like love hate dislike enjoy detest adore loathe");

    private static readonly WordSet OthersLiking = new("prefers likes loves hates dislikes enjoys detests adores loathes");

    private static readonly WordSet Pointing = new(
        "it this that these those your yours his her their its he she they i we how what him them you both all everything not one when where why who whoever having");

    private static readonly WordSet OfOneOccasion = new("one ones option version first second third latter former idea proposal design draft layout");

    private static readonly WordSet Opining = new("think say believe know see hear inform announce add point break admit interrupt disturb bother");

    // Whoever is spoken to is praised or put off: "I love working with you".
    private static readonly WordSet SpokenTo = new("you your yours yourself");

    private static readonly WordSet Habits = new("drink eat take order use travel fly wear read listen cook bring book work start sit pay buy drive stay walk cycle");

    private static readonly WordSet NoKinds = new("part thing moment one bit example quote");

    private static readonly WordSet NoValues = new("yet to still that when how what this it not probably broken gone here there being missing");

    public static FoundFact? Find(Clause clause) =>
        clause.Subject switch
        {
            ClauseSubject.Speaker when clause[clause.Start] == "my" => Favorite(clause),
            ClauseSubject.Speaker => Own(clause),
            ClauseSubject.Client or ClauseSubject.User or ClauseSubject.Named => Others(clause),
            _ => null,
        };

    private static FoundFact? Own(Clause clause)
    {
        var (at, how) = (clause.Body, "");
        while (true)
        {
            var word = clause[at];
            if (clause.Take(ref at, Often))
            {
                how += word + " ";
            }
            else if (!clause.Take(ref at, Strongly) || (word == "do" && clause[at] == "not"))
            {
                break;
            }
        }

        at -= clause[at] == "not" ? 1 : 0;
        if (clause.Take(ref at, "can not stand"))
        {
            return Fact(clause, "Cannot stand ", at);
        }

        if (clause.Take(ref at, "do not"))
        {
            while (clause.Take(ref at, Strongly))
            {
            }

            return clause[at] is "like" or "enjoy" or "love" && IsThing(clause, at + 1, isPrefer: false) ? Fact(clause, $"Does not {clause[at]} ", at + 1) : null;
        }

        if (clause.Take(ref at, "am"))
        {
            return Fan(clause, at);
        }

        if (how.StartsWith("always ", StringComparison.Ordinal) && Habits.Contains(clause[at]) && IsThing(clause, at + 1, isPrefer: true))
        {
            return Fact(clause, $"Always {ThirdPerson.Verb(clause[at])} ", at + 1);
        }

        return Liking.Contains(clause[at]) && !how.Contains("never", StringComparison.Ordinal) && IsThing(clause, at + 1, clause[at] == "prefer")
            ? Fact(clause, ThirdPerson.Capitalised(how + ThirdPerson.Verb(clause[at])) + " ", at + 1)
            : null;
    }

    private static FoundFact? Fan(Clause clause, int at)
    {
        var start = at;
        clause.Take(ref at, "not");
        while (clause.Take(ref at, Strongly))
        {
        }

        return clause[at] is "a" && (clause.Take(ref at, "a fan of") || clause.Take(ref at, "a big fan of") || clause.Take(ref at, "a huge fan of")) && IsThing(clause, at, isPrefer: false)
            ? Fact(clause, "Is ", start)
            : null;
    }

    private static FoundFact? Others(Clause clause)
    {
        var at = clause.Body;
        clause.Take(ref at, Strongly);
        if (clause.Take(ref at, "does not") && clause[at] is "like" or "enjoy" && IsThing(clause, at + 1, isPrefer: false))
        {
            return Fact(clause, $"Does not {clause[at]} ", at + 1);
        }

        return OthersLiking.Contains(clause[at]) && IsThing(clause, at + 1, clause[at] == "prefers") ? Fact(clause, "", at) : null;
    }

    private static FoundFact? Favorite(Clause clause)
    {
        var at = clause.Body;
        if (!clause.Take(ref at, "favorite") && !clause.Take(ref at, "favourite"))
        {
            return null;
        }

        var kind = at;
        while (at < clause.End && at - kind < 3 && clause[at] is not ("is" or "are") && clause.Word(at).Break == '\0')
        {
            at++;
        }

        if (at == kind || clause[at] is not ("is" or "are") || at + 1 >= clause.End || NoKinds.Contains(clause[at - 1]) || NoValues.Contains(clause[at + 1]))
        {
            return null;
        }

        var name = clause.Text(kind, at).ToLowerInvariant();
        return new FoundFact(ClauseSubject.Speaker, FactTypes.Preference, $"Favorite {name}: {clause.Rest(at + 1)}", Keys.Of($"favorite {name}"));
    }

    // Something that stays: no pointing at what was just said, no reaction to what somebody did.
    private static bool IsThing(Clause clause, int at, bool isPrefer)
    {
        var word = clause[at];
        if (at >= clause.End || clause.Word(at - 1).Break != '\0' || Pointing.Contains(word) || (word == "to" && Opining.Contains(clause[at + 1])) || (word == "to" && at + 1 == clause.End)
            || clause.PointsElsewhere(at) || SentenceGuards.IsPassing(clause.Sentence))
        {
            return false;
        }

        for (var i = at; i < clause.End; i++)
        {
            if (SpokenTo.Contains(clause[i]))
            {
                return false;
            }
        }

        if ((!clause.IsSpeaker && word is "me" or "us" or "my" or "our") || (word == "our" && clause[at + 1] is "chat" or "chats" or "talk" or "talks" or "conversation" or "conversations"))
        {
            return false;
        }

        if (word == "the")
        {
            for (var i = at; i < clause.End; i++)
            {
                if (!isPrefer || OfOneOccasion.Contains(clause[i]))
                {
                    return false;
                }
            }
        }

        return true;
    }

    private static FoundFact? Fact(Clause clause, string beginning, int rest) =>
        rest < clause.End ? new(clause.Subject, FactTypes.Preference, ThirdPerson.Capitalised(beginning + clause.Rest(rest))) : null;
}
