namespace Actors.Extraction.Rules;

/// <summary>Given names, by which a capital at the head of a sentence is known to be somebody: "Priya hates symlinks", not "Webpack hates symlinks".</summary>
internal static class GivenNames
{
    // Common ones of many languages; those that are as well months, virtues, products or towns in most texts are left out.
    private static readonly WordSet Known = new(
        """
        aaron abdul abdullah abigail ada adam adele adrian adriana agata agnes agnieszka ahmad ahmed aiko aisha akira alan albert
        alberto alejandra alejandro aleksander aleksandra aleksei alessandra alessandro alex alexander alexandra alexandre alexei alexis
        alfonso alfred ali alice alicia alina alison allison alma alva amal amanda amara amelia amelie amina amir amira amit amy ana
        anaïs anand anastasia anders andrea andreas andreea andrei andrej andres andrés andrew andrzej angela angelica angelika angelo
        anika anil anita anja anjali ankit ann anna annabel anne annelies anneke annette annika anouk ansel anselm anthony antoine anton
        antonia antonio anu anya aoife archie ariane ariel arif arjun arne arnaud arno arthur artur arturo arun arvid asha ashley astrid
        aurelie aurélie ava axel ayaan ayesha aylin ayşe baptiste barbara barry bart bartosz bas bea beata beatrice beatriz bella ben
        benedict benedikt bengt benjamin bernadette bernard bernd bert berta beth betty bianca bilal bill birgit bjorn björn bob boris
        bram brandon brenda brendan brian bridget brigitte britta bronwyn bruno bryan burak callum camila camille can carina carl carla
        carlo carlos carmen carol carole carolin caroline carsten cathy catherine cecilia cecilie celeste celia celine céline chantal
        charles charlie charlotte chen chiara chidi chinedu chloe chloé chris christa christel christiane christina christine christoph
        christophe christopher cian ciara cillian cindy claire clara clarissa clemens clement clément colette colin colm conor
        constantin cora corinna cornelia cosima craig cristian cristina cyril damian damien dan dana daniel daniela danielle daniil
        danny danuta daphne dario darius darren dave david davide dawid deborah deepa deepak delphine demi denis denise dennis derek
        desmond devi dhruv diana diane didier diego dieter dilara dimitri dimitris dina dinesh dirk dmitri dmitry dolores dominic
        dominik dominique don donald donna dora doris dorota dorothea doug douglas duncan dylan eamon ebba eddie edgar edith eduardo
        edward edwin eileen eirik ekaterina elaine elena eleni eleanor eleonora elias elif elin elisa elisabeth elise eliza elizabeth
        ella ellen elliot elodie élodie elsa elsie elvira ema emanuel emil emilia emilie émilie emily emine emma emmanuel emre enrico
        enrique enzo eric erica erich erik erika erin ernst esra esteban estelle esther ethan etienne étienne eugene eunice eva evan eve
        evelyn ewa fabian fabien fabio fadi faith fanny farah farid fatima fatma fatou federica federico felicity felipe felix fenna
        ferdinand fergus ferhat fernanda fernando filip filippo fiona flavia fleur flora florian francesca francesco francis francisca
        francisco franck francois françois françoise frank franz franziska fred frederic frédéric frederick frederik frida frieda
        friedrich fritz gabor gábor gabriel gabriela gabriele gabriella gareth gary gavin geert gemma genevieve geoff georg george
        georges gerald gerard gerd gerhard gerrit gertrud gianluca gianna gilles gina giorgio giovanni gisela giulia giulio giuseppe
        gloria gonzalo gordon grace graham greg gregor gregory greta grzegorz guido guilherme guillaume gunnar gustav guy gwen hadi
        hakan håkan halima hamid hamza hana hanna hannah hannelore hannes hans harald haris harold harriet harry haruki harvey hasan
        hassan hector héctor heather heidi heike heiko heinrich heinz helen helena helene helga helmut hendrik henk henning henri
        henrietta henrik henry herbert hilda hilde hiroshi holger holly hong horst howard hugh hugo huong hussein ian ibrahim ida
        ignacio igor ike ikram ilaria ilse ilya imani imran ines inês inga inge ingo ingrid ioana ioannis irena irene irina irma isaac
        isabel isabella isabelle isla ismail ivan ivana ivo iwona izabela jaap jack jacek jackie jacob jacqueline jacques jade jae jaime
        jake jakob jakub jamal james jamie jan jana jane janek janet janina janine janusz jared jarek jasmin jasmine jason javier jay
        jayden jean jeanette jeanne jeff jeffrey jelena jen jenna jennifer jenny jens jeremy jerome jérôme jerry jerzy jesper jess jesse
        jessica jesús jill jim jimmy jin jing jiří jitka jo joan joana joanna joao joão joaquim joaquin joaquín jochen joe joel joelle
        joerg jörg johan johann johanna johannes john johnny jolanda jon jonas jonathan joost jordi jorge josé jose josef josefine
        joseph josephine josh joshua joyce juan juana juanita judit judith judy juha jules julian juliana julie julien juliette julio
        jun jurgen jürgen justin justyna jutta kai kaito kalina kamal kamil karel karen karim karin karina karl karla karolina kasia
        kasper kate katarina katarzyna katerina katharina katherine kathleen kathrin kathy katia katie katja katrin katya kay kazimierz
        keiko keith kelly kemal ken kenji kenneth kenza kerstin kevin khadija khaled khalid kim kimberly kira kirsten kirsty kjell klara
        klaus koen konrad konstantin kristen kristian kristin kristina kristof krzysztof kurt kyle laila lakshmi lamia lara larissa lars
        laszlo lászló laura laure lauren laurence laurent lea léa leah leandro leena leif leila lena lenka leo léo leon léon leona
        leonard leonardo leonie leonor leopold leroy leslie letizia lev levi li liam lidia lieke lieselotte lili liliana lilly lily lin
        lina linda lindsay linh linnea linus lionel lisa lisbeth livia ljubica logan lois lola loreen lorena lorenzo lothar lotta lotte
        lou louis louisa louise luc luca lucas lucia lucía luciana lucie lucile lucy ludovic ludwig luigi luis luís luisa luiza lukas
        luka lukasz łukasz luke luna lutz lydia lynn maarten maciej madeleine madison mads mae magda magdalena magnus mahmoud maike maja
        malik malin malte mandy manfred manuel manuela mara marc marcel marcela marcello marcelo marcin marco marcos marcus marek maren
        margaret margarida margarita margherita margot marguerite maria maría mariam marian mariana marianne marie mariella marija
        marijke marina mario marion marisa marit marius mariusz marjan marjolein mark marketa markus marlene marlies marlon marta martha
        marthe martin martina martine marty maryam mary mascha mason massimo matej mateo mateusz mathias mathieu mathilde matias matilda
        matt matteo matthew matthias matthieu maud maureen maurice mauricio mauro max maxim maxime maximilian maya mayumi megan mehdi
        mehmet mei meike mel melanie melina melissa mercedes meret mert meryem mette mia micha michael michaela michal michał michel
        michele michelle miguel mihai mika mikael mike mikhail mikko milena milica milo mina minh mira miranda mireille miriam mirjam
        mirko miroslav mitch mirela mohamed mohammad mohammed mona monica monika monique morgan moritz morten moses muhammad murat
        mustafa nadia nadine nadja nagi naima nam nancy naoki naoko naomi nasrin natalia natalie nataša natascha natasha nathalie nathan
        nathaniel navid nazanin neha neil nele nelly nia niamh nick nicholas nico nicola nicolas nicole niels nigel nik nikhil nikita
        niklas niko nikola nikolai nikolaus nikos nils nina nisha noa noah noel noémie nora norbert noriko norma norman nour nuno nuria
        nya obinna octavia odile oksana ola olaf ole oleg oleksandr olena olga oliver olivia olivier oluwaseun omar ondrej oriol orla
        orsolya osama oscar oskar oswald otto ottoline owen pablo paloma pamela paola paolo pascale patrice patricia patrick patrik
        patrizia patty paul paula paulina pauline paulo pavel pawel paweł pedro peggy per perla peter petr petra petter phil philip
        philipp philippa philippe phoebe pia pierre pieter pietro pilar piotr polina pradeep pranav prakash priya priyanka przemek
        rachel radek radu rafael rafał rahel rahul raimund rainer raj rajesh ralf ralph ramesh ramon ramón ramona rana rania raphael
        raquel rashid rasmus raul raúl ravi raymond rebecca rebekka regina regine reiner reinhard reinhold rémi rémy renata renate
        renato rené renée reza ricardo riccardo richard rick rikard rita rob robert roberta roberto robin rodrigo roger rohan roland
        rolf roman romain romina ron ronald ronja ronny rosa rosalie rosalind rosanna rosario rosie ross roxana roy rudi rudolf rui
        rupert russell ruth ryan sabina sabine sabrina sadia said sakura salim sally salma salman sam samantha samir samira samuel sana
        sandeep sander sandra sanja sanjay sanna sara sarah sascha sasha saskia scott sean seán sebastian sebastián sébastien selim
        selin selma serena serge sergei sergey sergio seth shabnam shan shannon sharon shaun sheila shirin shirley shreya shu siegfried
        sigrid silas silke silvia silvio simon simona simone sina sinead sinéad siobhan siri slavica sofia sofie solveig sonia sonja
        sophia sophie søren soren stan stanislav stanisław stefan stefania stefanie steffen stella sten stephan stephanie stéphane
        stephen steve steven stig stuart sue suleiman sunil suresh susan susana susanna susanne suzanne suzy svea sven svenja svetlana
        sybille sylvia sylvie szymon tadeusz takashi takeshi tamara tamás tanja tanya tara tarek tariq tatiana tatjana ted teresa teodor
        terry tessa thea theo theodor theresa therese thérèse thi thibault thierry thijs thomas thorsten tia tiago tibor tilda till
        tilman tim timo timothy tina tobias tobin todd tom tomás tomas tomasz tomislav tommy tomoko toni tony torben tove tracey tracy
        trevor tricia trine tristan tuomas ulf ulla ulrich ulrike uma ursula usha uta ute uwe valentin valentina valeria valerie valérie
        vanessa vasil vasile vera verena vernon veronica veronika véronique vesna vicky victor victoria viktor viktoria vikram vincent
        vincenzo viola violeta virginie vishal vito vittoria vivian viviane vivienne vlad vladimir volker volkan waldemar walter wanda
        wei wendy werner wesley wiebke wiktor wilfried wilhelm will willem william wilma wim wladimir wojciech wolfgang xavier xiao xin
        yael yan yang yann yannick yara yasemin yasmin yasmine yasuko yesim yiannis ying yoko yolanda yosef youssef yui yuki yuko yulia
        yuri yuriy yusuf yvan yves yvette yvonne zachary zahra zainab zara zbigniew zdenek zeynep zofia zoe zoé zoltan zoltán zsofia
        zsuzsanna zuzana
        """);

    private static readonly WordSet Honorifics = new("mr mrs ms miss dr prof mag herr frau madame monsieur señor señora sir");

    public static bool Contains(string word) => Known.Contains(word);

    /// <summary>Whether it goes before a surname.</summary>
    public static bool IsHonorific(string word) => Honorifics.Contains(word);
}
