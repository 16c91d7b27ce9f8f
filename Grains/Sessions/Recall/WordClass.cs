using System.Collections.Frozen;

namespace Actors.Sessions.Recall;

/// <summary>Classes of English words that the ranking looks for. Lower case, without apostrophes.</summary>
internal sealed class WordClass
{
    /// <summary>Function words, which say nothing about what a text is about.</summary>
    public static readonly WordClass Stop = new(
        """
        a about above after again against all am an and any are arent as at be because been before being below between both
        but by can cant cannot could couldnt did didnt do does doesnt doing dont down during each few for from further had
        hadnt has hasnt have havent having he hed hell her here heres hers herself hes him himself his how i id if ill im
        in into is isnt it its itself ive just lets me more most my myself no nor not now of off on once only or other our
        ours ourselves out over own same shall she shed should shouldnt so some such than that thats the their theirs them
        themselves then there theres these they theyd theyll theyre theyve this those through to too under until up very
        was wasnt we wed were werent weve what whats when where which while who whom whos why will with wont would wouldnt
        you youd youll your youre yours yourself yourselves youve
        """);

    /// <summary>Time of what is told: days, parts of the day, months, seasons, spans.</summary>
    public static readonly WordClass Time = new(
        """
        yesterday today tomorrow tonight morning evening afternoon night noon midnight day days week weeks weekend weekends month
        months quarter year years decade ago last next recently soon monday tuesday wednesday thursday friday saturday sunday
        january february march april may june july august september october november december spring summer autumn fall winter
        """);

    /// <summary>Numbers written as words.</summary>
    public static readonly WordClass Number = new(
        "one two three four five six seven eight nine ten eleven twelve twenty thirty fifty hundred thousand dozen once twice couple several few half");

    /// <summary>The first person.</summary>
    public static readonly WordClass Self = new("i im ive id ill me my mine myself we weve us our ours ourselves");

    /// <summary>The second person.</summary>
    public static readonly WordClass Addressed = new("you your youre youve youd youll yours yourself yourselves");

    /// <summary>Words that say more about the form of a question than about what is sought.</summary>
    public static readonly WordClass Generic = new(
        """
        activities activity choose describe described different discuss do done event events find gave get give go going got kind
        kinds long main make many mention mentioned name new plan receive recently say see something someone specific thing things
        time times type types use various want way work
        """);

    /// <summary>Words of a question whose answer is a name.</summary>
    public static readonly WordClass AsksName = new(
        """
        who whom whose where which name named called country countries city cities state town place places company companies brand
        book books movie movies film films song songs band bands artist restaurant
        """);

    private readonly FrozenSet<string> _words;

    private WordClass(string words) =>
        _words = words.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).ToFrozenSet(StringComparer.Ordinal);

    public bool Contains(string word) => _words.Contains(word);
}
