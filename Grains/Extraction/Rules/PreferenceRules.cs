namespace Actors.Extraction.Rules;

/// <summary>What people like, and what they do not.</summary>
internal static class PreferenceRules
{
    private static readonly WordSet Often = new("usually always never generally normally typically often mostly mainly only");

    private static readonly WordSet Strongly = new("really much strongly definitely absolutely just also actually truly very so do");

    private static readonly WordSet Liking = new("prefer like love hate dislike enjoy detest adore loathe");

    private static readonly WordSet Pointing = new(
        "it this that these those your yours his her their its he she they i we how what him them you both all everything not one when where why who whoever having");

    private static readonly WordSet OfOneOccasion = new("one ones option version first second third latter former idea proposal design draft layout");

    private static readonly WordSet Opining = new("think say believe know see hear inform announce add point break admit interrupt disturb bother complain argue disagree annoy tease brag");

    // Whoever is spoken to is praised or put off: "I love working with you"; and "something" says nothing.
    private static readonly WordSet SpokenTo = new("you your yours yourself something someone somebody somewhere");

    private static readonly WordSet Habits = new("drink eat take order use travel fly wear read listen cook bring book work start sit pay buy drive stay walk cycle");

    // Of what is offered; "I usually take a nap" is none.
    private static readonly WordSet TakenAlways = new("take order book fly sit drink choose pick reserve");

    private static readonly WordSet Rests = new("nap break shower walk bath look minute while day rest moment breath long few");

    // "All of it", "every bit".
    private static readonly WordSet NotAll = new("of the my our your this that these those i it we you bit last single one detail time");

    private static readonly WordSet NoKinds = new("part thing moment one bit example quote");

    private static readonly WordSet NoValues = new("yet to still that when how what this it not probably broken gone here there being missing");

    public static FoundFact? Find(Clause clause) =>
        clause.Subject switch
        {
            ClauseSubject.Relative => null,
            ClauseSubject.Other or ClauseSubject.Order => Elliptic.Find(clause),
            ClauseSubject.Group when clause.IsPossessive => null,
            ClauseSubject.Group => Common(clause),
            ClauseSubject.Client => Liked(clause) ?? Wanted(clause),
            _ when !clause.IsPerson => null,
            _ when clause.IsPossessive => Favorite(clause),
            _ => Liked(clause) ?? Kind(clause) ?? Wanted(clause),
        };

    // "We love the new logo" may be of all sorts; what is preferred, or always taken, stays so.
    private static FoundFact? Common(Clause clause)
    {
        var at = clause.Body;
        while (clause.Take(ref at, Often) || clause.Take(ref at, Strongly))
        {
        }

        return clause[at] == "prefer" ? Liked(clause) : clause[at - 1] is "always" or "usually" ? Taken(clause, clause[at - 1], at) : null;
    }

    // "We usually take the balcony."
    private static FoundFact? Taken(Clause clause, string how, int at) =>
        TakenAlways.Contains(clause[at]) && clause[at + 1] is not ("care" or "part" or "place" or "into" or "time" or "off") && !Rests.Contains(clause[at + 2]) && IsThing(clause, at + 1, isPrefer: true) && !Recurrence.IsIn(clause, at, clause.End)
            ? Fact(clause, $"{ThirdPerson.Capitalised(how)} {ThirdPerson.Verb(clause[at])} ", at + 1)
            : null;

    private static FoundFact? Liked(Clause clause)
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

        if (how == "usually ")
        {
            return Liking.Contains(clause[at]) ? Preferred(clause, how, at) : Taken(clause, "usually", at);
        }

        return Liking.Contains(clause[at]) && !how.Contains("never", StringComparison.Ordinal) ? Preferred(clause, how, at) : null;
    }

    private static FoundFact? Preferred(Clause clause, string how, int at) => IsThing(clause, at + 1, clause[at] == "prefer")
            ? Fact(clause, ThirdPerson.Capitalised(how + ThirdPerson.Verb(clause[at])) + " ", at + 1)
            : null;

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

    // "I'm a morning person", "I'm a night owl".
    private static FoundFact? Kind(Clause clause)
    {
        var at = clause.Body;
        if (!clause.Take(ref at, "am") || SentenceGuards.IsPassing(clause))
        {
            return null;
        }

        var start = at;
        clause.Take(ref at, "not");
        clause.Take(ref at, Strongly);
        clause.Take(ref at, "more of");
        if (clause[at] is not ("a" or "an"))
        {
            return null;
        }

        var isOne = (clause[at + 1], clause[at + 2]) is ("morning" or "night" or "evening" or "cat" or "dog" or "people" or "tea" or "coffee" or "beach" or "window" or "aisle", "person" or "people")
            or ("night", "owl") or ("early", "bird") or ("early", "riser") or ("late", "riser") or ("dog", "lover") or ("cat", "lover") or ("light", "sleeper") or ("frequent", "flyer") or ("slow", "reader");
        var isPerson = clause[at + 2] == "person" && clause[at + 1].EndsWith('s') && !clause[at + 1].EndsWith("ss", StringComparison.Ordinal);
        return isOne || isPerson ? new FoundFact(clause.Subject, FactTypes.Preference, $"Is {clause.Rest(start)}") : null;
    }

    // "I want every invoice as PDF": what is wanted of all of a kind stays so.
    private static FoundFact? Wanted(Clause clause)
    {
        var at = clause.Body;
        var isWish = clause.Take(ref at, "would like");
        if ((!isWish && !clause.Take(ref at, "want")) || SentenceGuards.IsPassing(clause) || clause.PointsElsewhere(at))
        {
            return null;
        }

        if (isWish && (clause.Take(ref at, "to get") || clause.Take(ref at, "to receive") || clause.Take(ref at, "to have") || clause.Take(ref at, "to see")) && clause.Take(ref at, "a copy of"))
        {
        }

        var isAll = clause[at] is "all" or "every" or "each" && !NotAll.Contains(clause[at + 1]);
        return isAll && at + 2 < clause.End ? Fact(clause, isWish ? "Would like " : "Wants ", clause.Body + (isWish ? 2 : 1)) : null;
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
        return new FoundFact(clause.Subject, FactTypes.Preference, $"Favorite {name}: {clause.Rest(at + 1)}", Keys.Of($"favorite {name}"));
    }

    // Something that stays: no pointing at what was just said, no reaction to what somebody did.
    private static bool IsThing(Clause clause, int at, bool isPrefer)
    {
        var word = clause[at];
        if (at >= clause.End || clause.Word(at - 1).Break != '\0' || (Pointing.Contains(word) && !(clause.IsThird && word is "his" or "her" or "their" && at + 1 < clause.End)) || (word == "to" && Opining.Contains(clause[at + 1])) || (word == "to" && at + 1 == clause.End)
            || clause.PointsElsewhere(at) || SentenceGuards.IsPassing(clause))
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

        if ((clause.IsThird && SpeaksOfSpeaker(clause, at)) || (word == "our" && clause[at + 1] is "chat" or "chats" or "talk" or "talks" or "conversation" or "conversations"))
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

    private static bool SpeaksOfSpeaker(Clause clause, int at)
    {
        for (var i = at; i < clause.End; i++)
        {
            if (clause[i] is "me" or "us" or "my" or "our")
            {
                return true;
            }
        }

        return false;
    }

    private static FoundFact? Fact(Clause clause, string beginning, int rest) =>
        rest < clause.End ? new(clause.Subject, FactTypes.Preference, ThirdPerson.Capitalised(beginning + clause.Rest(rest))) : null;
}
