package io.github.flywheel4j.text;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * English words of opposite meaning, written for this library: each row has the words of one pole, a bar, and those of
 * the other. Inflected forms count as their base ({@link Inflections}); an underscore joins the words of a phrase.
 */
final class Antonyms {

    private static final String ACTIONS = """
            enable activate turn_on switch_on|disable deactivate turn_off switch_off
            allow permit authorize authorise let grant|forbid prohibit ban disallow deny refuse outlaw block
            cancel call_off revoke abort rescind|restore reinstate resume confirm keep continue
            open reopen|close shut
            buy purchase|sell
            import|export
            increase raise rise grow boost enhance improve go_up gain|decrease reduce lower fall drop shrink diminish decline lessen cut weaken go_down worsen
            start begin launch commence|stop end finish halt quit terminate cease
            add insert append include attach|remove delete subtract exclude omit erase detach drop
            accept approve confirm agree|reject decline deny refuse disapprove disagree dismiss
            lock|unlock
            mute silence|unmute
            upload|download
            send|receive
            borrow|lend
            lend|repay
            hire recruit employ|fire dismiss lay_off sack
            install|uninstall
            subscribe sign_up register enroll join|unsubscribe sign_off deregister leave opt_out
            opt_in|opt_out
            connect link attach pair|disconnect unlink detach unpair
            log_in login sign_in log_on logon|log_out logout sign_out log_off
            pass succeed|fail
            win|lose
            gain get|lose
            love like enjoy prefer|hate dislike despise detest loathe
            like want|dislike
            save|spend waste
            save|delete discard
            deposit pay_in put_in|withdraw take_out
            push|pull
            show display reveal unhide|hide conceal
            follow|unfollow
            friend befriend|unfriend
            block ban|unblock unban
            pin|unpin
            archive|unarchive
            publish|unpublish
            freeze|unfreeze defrost thaw
            encrypt|decrypt
            encode|decode
            compress zip|decompress unzip extract expand
            expand extend enlarge widen broaden zoom_in|collapse contract shorten narrow zoom_out
            lengthen extend prolong|shorten cut
            attack|defend
            accuse|defend
            arrive|depart leave
            enter|exit leave
            check_in|check_out
            ascend climb|descend
            build construct create|destroy demolish
            create make|delete destroy
            tighten|loosen
            fasten|unfasten
            bind tie|untie
            load|unload
            pack|unpack
            wrap|unwrap
            fold|unfold
            dress|undress
            plug_in|unplug
            mount|unmount
            select check tick|unselect deselect uncheck untick
            do|undo
            undo|redo
            heat warm|cool chill
            melt|freeze solidify
            inhale|exhale
            inflate|deflate
            accelerate speed_up hasten|decelerate slow_down
            speed_up|slow_down
            appear|disappear vanish
            remember|forget
            teach|learn
            ask|answer
            question|answer
            praise|criticize criticise blame
            reward|punish penalize penalise
            encourage|discourage
            support back favor favour|oppose
            trust believe|distrust mistrust doubt
            admit|deny
            prove|disprove refute
            qualify|disqualify
            promote|demote
            upgrade|downgrade
            upvote|downvote
            arm|disarm
            appreciate|depreciate
            invest|divest
            assemble|disassemble dismantle
            merge unite combine join|split divide separate
            gather collect|scatter distribute
            comply obey|violate disobey break
            hurt harm damage|help heal cure
            treat cure|cause
            prevent avoid|cause
            gain_weight put_on_weight|lose_weight
            obtain|lose
            give|receive
            give|take
            lead|follow
            shout|whisper
            laugh smile|cry weep
            wake_up wake|sleep fall_asleep
            stand|sit
            live survive|die
            marry|divorce
            overestimate|underestimate
            overpay|underpay
            overcharge|undercharge
            oversleep|wake_up
            pause suspend|resume unpause continue
            grant issue|revoke withdraw
            hold retain keep|release discard
            release|capture
            protect secure|expose endanger
            mask hide|unmask
            sync|unsync
            backup back_up|restore
            commit|revert rollback roll_back
            dial_up|dial_down
            strengthen|weaken
            inflow|outflow
            credit|debit
            earn|spend
            rent lease|buy purchase own
            book reserve|cancel
            activate|cancel
            block|allow unblock
            land|take_off
            board|disembark
            float|sink
            lift|lower
            tense|relax
            sow plant|harvest
            """;

    private static final String QUALITIES = """
            legal lawful|illegal unlawful criminal
            allowed permitted ok okay|forbidden prohibited banned
            possible|impossible
            safe harmless|unsafe dangerous harmful risky
            healthy|unhealthy sick ill
            true right correct|false wrong incorrect untrue
            valid|invalid expired
            open|closed
            full|empty
            public|private
            male man boy|female woman girl
            husband|wife
            boyfriend|girlfriend
            father dad|mother mom mum
            son|daughter
            brother|sister
            uncle|aunt
            king|queen
            prince|princess
            gentleman|lady
            nephew|niece
            groom|bride
            actor|actress
            parent|child kid
            men|women
            teacher|student pupil
            doctor physician|patient
            lawyer|client
            employer boss manager|employee worker
            landlord owner|tenant renter
            buyer purchaser|seller vendor
            lender creditor|borrower debtor
            sender|receiver recipient
            host|guest
            winner|loser
            friend ally|enemy foe
            adult|child minor
            left|right
            left-handed|right-handed
            upper|lower
            top|bottom
            inner internal inside indoor indoors|outer external outside outdoor outdoors
            front|back rear
            horizontal|vertical
            north northern|south southern
            east eastern|west western
            first|last final
            beginning start|end ending
            positive|negative
            advantage benefit pro pros upside strength|disadvantage drawback con cons downside weakness
            profit gain|loss
            income earnings revenue|expense expenditure cost
            asset|liability
            supply|demand
            success|failure
            victory|defeat
            friend|stranger
            hero|villain
            birth|death
            war|peace
            heaven|hell
            god|devil
            day daytime|night nighttime
            morning|evening
            am|pm
            summer|winter
            past|future
            new brand-new|old second-hand
            second-hand secondhand|new
            temporary|permanent
            optional voluntary|mandatory compulsory required obligatory
            necessary essential|unnecessary
            paid|free unpaid
            paid|unpaid
            taxable|tax-free
            domestic national|international foreign
            local|remote global
            online|offline
            manual|automatic
            digital|analog analogue
            wired|wireless
            hot|cold
            wet|dry
            sweet|sour bitter
            raw uncooked|cooked
            fresh|stale rotten frozen
            hard|soft easy
            clean|dirty
            clear|unclear vague
            sharp|blunt dull
            rough|smooth
            tight|loose
            loud noisy|quiet silent
            bright|dark dim
            black|white
            light|dark
            solid|liquid
            visible|invisible
            known|unknown
            familiar|unfamiliar
            natural|artificial synthetic
            real genuine authentic|fake counterfeit
            original|copy
            honest|dishonest
            moral ethical|immoral unethical
            polite|rude impolite
            kind|cruel unkind
            friendly|unfriendly hostile
            happy glad|sad unhappy
            lucky|unlucky
            patient|impatient
            brave|cowardly
            lazy|hardworking
            careful|careless
            active|inactive passive
            alive living|dead
            awake|asleep
            married|single unmarried divorced
            single|multiple
            single|double
            rich wealthy|poor
            expert advanced professional|beginner novice amateur
            beginner basic|advanced
            introvert|extrovert
            introverted|extroverted
            optimist|pessimist
            optimistic|pessimistic
            liberal|conservative
            democrat|republican
            guilty|innocent
            present|absent
            presence|absence
            complete|incomplete
            finished|unfinished
            direct|indirect
            formal|informal
            fair just|unfair unjust
            equal|unequal
            equality|inequality
            stable|unstable
            reliable|unreliable
            certain sure|uncertain unsure
            similar same alike|different
            similarity|difference
            similarities|differences
            common|rare uncommon
            normal usual|abnormal unusual
            regular|irregular
            odd|even
            prime|composite
            singular|plural
            acid|base alkali
            acidic|alkaline
            physical|mental
            theory|practice
            theoretical|practical
            frontend|backend
            client|server
            input|output
            source|target destination
            incoming inbound|outgoing outbound
            read|write
            read|unread
            encrypted|unencrypted
            secured|unsecured
            insured|uninsured
            employed|unemployed
            skilled|unskilled
            pregnant|infertile
            fertile|infertile
            vegetarian vegan|carnivore
            fixed|variable
            gross|net
            prepaid|postpaid
            short-term|long-term
            static|dynamic
            mutable|immutable
            synchronous|asynchronous
            sync|async
            sequential serial|parallel concurrent
            ascending|descending
            capital uppercase|lowercase
            explicit|implicit
            abstract|concrete
            compiler|interpreter
            compiled|interpreted
            convex|concave
            clockwise|counterclockwise anticlockwise
            arrival|departure
            entrance|exit
            entry|exit
            inside|outside
            ancestor|descendant
            cause|effect
            reason|result
            enabled active|disabled inactive
            available|unavailable
            able|unable
            eligible|ineligible
            authorized authorised|unauthorized unauthorised
            approved|unapproved rejected
            completed|pending
            occupied|vacant
            include|exclude
            inclusive|exclusive
            mobile|stationary
            exempt|liable
            urban|rural
            city town|village countryside
            ancient|modern
            modern|traditional old-fashioned
            sunrise|sunset
            dawn|dusk
            savings|checking
            credit|debit
            stock|bond
            civil|criminal
            plaintiff|defendant
            prosecutor|defender
            married|unmarried
            virus|bacteria
            hypertension|hypotension
            hyperthyroidism|hypothyroidism
            acute|chronic
            benign|malignant
            mild|severe
            systolic|diastolic
            deaf|hearing
            blind|sighted
            obese overweight fat|underweight thin skinny slim
            attractive beautiful pretty handsome|ugly unattractive
            interesting|boring
            useful|useless
            important|unimportant
            relevant|irrelevant
            logical|illogical
            rational|irrational
            mature|immature
            perfect|imperfect
            polite|impolite
            proper|improper
            responsible|irresponsible
            religious|atheist secular
            theist|atheist
            believer|atheist
            capitalism|communism socialism
            democracy|dictatorship
            optimism|pessimism
            confidence|insecurity
            acceptable|unacceptable
            """;

    private static final String PLACES = """
            over above|under below beneath
            before prior_to|after following
            with|without
            up|down
            on|off
            for|against
            inside|outside
            within|outside
            until|after
            since|until
            towards|away
            earlier sooner|later
            early|late
            forward forwards|backward backwards
            always|never
            ever|never
            everywhere|nowhere
            everyone everybody|nobody no_one
            still|no_longer
            still|anymore
            including|excluding
            except|including
            once|twice
            """;

    private static final String DEGREES = """
            more greater|less fewer
            most|least
            minimum minimal min lowest smallest least|maximum maximal max highest largest biggest most
            minimize minimise|maximize maximise
            minority|majority
            at_least|at_most no_more_than up_to
            more_than|less_than fewer_than
            high tall|low short
            higher|lower
            highest|lowest
            big large huge great|small little tiny
            bigger larger greater|smaller lesser
            biggest largest greatest|smallest
            long longer longest|short shorter shortest brief
            tall taller tallest|short shorter shortest
            wide wider widest broad|narrow narrower narrowest
            thick thicker thickest|thin thinner thinnest
            deep deeper deepest|shallow shallower shallowest
            heavy heavier heaviest|light lighter lightest
            fast faster fastest quick quicker quickest|slow slower slowest
            strong stronger strongest|weak weaker weakest
            hot hotter hottest warm warmer warmest|cold colder coldest cool cooler coolest
            old older oldest elder|young younger youngest
            old older oldest|new newer newest latest
            good great nice|bad terrible awful poor
            better|worse
            best|worst
            cheap cheaper cheapest inexpensive affordable less_expensive least_expensive|expensive costly pricey more_expensive most_expensive
            easy easier easiest simple simpler simplest|hard harder hardest difficult tough tougher toughest
            safe safer safest|dangerous riskier risky riskiest
            rich richer richest|poor poorer poorest
            near nearer nearest close closer closest|far farther farthest distant
            bright brighter brightest|dark darker darkest
            loud louder loudest|quiet quieter quietest
            early earlier earliest|late later latest
            many much|few little
            superior|inferior
            junior|senior
            major|minor
            primary|secondary
            sweet sweeter sweetest|sour sourer
            healthy healthier healthiest|unhealthy unhealthier
            happy happier happiest|sad sadder saddest
            smart smarter smartest intelligent clever|stupid dumb dumber dumbest
            hard harder hardest|soft softer softest
            underrated|overrated
            overweight|underweight
            """;

    /**
     * A pole of a row.
     *
     * @param row the row's number
     * @param right whether it is the pole behind the bar
     */
    private record Pole(int row, boolean right) {}

    private static final Map<String, List<Pole>> POLES = new HashMap<>();
    private static final Set<String> DEGREE_WORDS = new TreeSet<>();
    private static final Set<String> PHRASES = new TreeSet<>();

    static {
        int row = 0;
        for (String line : (ACTIONS + QUALITIES + PLACES).split("\n", 0)) {
            add(line, row++);
        }
        for (String line : DEGREES.split("\n", 0)) {
            add(line, row++);
            for (String word : line.split("[ |]+", 0)) {
                DEGREE_WORDS.add(Inflections.keyOf(word));
            }
        }
    }

    private Antonyms() {}

    /** Whether two keys are of opposite meaning in one of their senses. */
    static boolean opposed(String one, String other) {
        List<Pole> first = POLES.get(one);
        List<Pole> second = first == null ? null : POLES.get(other);
        if (first == null || second == null) {
            return false;
        }
        for (Pole pole : first) {
            if (second.contains(new Pole(pole.row(), !pole.right()))) {
                return true;
            }
        }
        return false;
    }

    /** Whether a key has an opposite. */
    static boolean contains(String key) {
        return POLES.containsKey(key);
    }

    /** Whether a key tells a degree: more, cheaper, best. */
    static boolean isDegree(String key) {
        return DEGREE_WORDS.contains(key);
    }

    static Set<String> phrases() {
        return PHRASES;
    }

    private static void add(String line, int row) {
        String[] poles = line.split("\\|", 0);
        for (int i = 0; i < poles.length; i++) {
            for (String word : poles[i].trim().split(" +", 0)) {
                String key = Inflections.keyOf(word);
                POLES.computeIfAbsent(key, unused -> new ArrayList<>()).add(new Pole(row, i == 1));
                if (word.indexOf('_') > 0) {
                    PHRASES.add(key);
                }
            }
        }
    }
}
