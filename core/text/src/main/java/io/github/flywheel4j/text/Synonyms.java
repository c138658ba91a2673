package io.github.flywheel4j.text;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * English words that may stand for each other in a question, written for this library: a row is one sense, a word may
 * stand in several rows. Wider than a dictionary's synonyms, since two questions that differ in such a word alone have
 * the same answer.
 */
final class Synonyms {

    private static final String ROWS = """
            reset recover restore regain retrieve change renew
            cancel call_off abort drop withdraw revoke annul void
            buy purchase get order acquire
            get obtain receive acquire have gain earn
            sofa couch settee
            symptom sign indication
            begin start commence launch initiate
            stop quit end cease halt finish give_up
            stop prevent avoid keep_from block
            delete remove erase get_rid_of clear wipe take_off deactivate
            remove get_rid_of eliminate take_out clean treat
            cure treat heal get_rid_of fix remedy treatment
            increase raise grow boost enhance improve go_up gain
            decrease reduce lower cut lessen diminish
            improve better enhance strengthen increase boost develop
            enable turn_on switch_on activate
            disable turn_off switch_off deactivate
            fix repair solve resolve mend correct remedy solution
            repair mend
            solve overcome deal_with handle cope_with tackle resolve get_over
            overcome get_rid_of stop get_over beat conquer control
            help support assist aid
            phone mobile cellphone smartphone cell
            customer client consumer shopper
            contact reach call get_in_touch phone
            service support care
            nearest closest
            near close nearby
            return send_back give_back
            refund money_back reimburse reimbursement
            address residence
            update change edit modify alter
            alter change adjust
            pick choose select
            job work role occupation duty task profession career
            company firm business corporation organization organisation startup enterprise
            salary pay wage income package earnings compensation
            price cost fee charge rate amount
            cost charge price expense
            cheap inexpensive affordable low-cost budget
            expensive costly pricey
            fast quick rapid speedy quickly
            slow sluggish
            big large huge great
            small little tiny
            good great nice excellent effective best useful
            bad terrible awful poor
            easy simple
            hard difficult tough
            important significant essential crucial key
            film movie
            picture photo image photograph pic
            car vehicle auto automobile
            doctor physician
            illness disease sickness condition disorder
            medicine drug medication
            vaccine vaccination shot jab inoculation
            baby infant newborn
            child kid
            father dad
            mother mom mum
            house home
            flat apartment
            holiday vacation trip
            trip journey travel tour
            flight plane
            luggage baggage bag
            shop store
            street road
            center centre
            city town
            country nation state
            law legislation rule regulation
            legal lawful allowed permitted
            lawyer attorney solicitor advocate
            allow permit let
            allowed permitted legal possible okay ok able
            require need must
            required needed necessary mandatory compulsory
            need require want
            error issue problem fault bug trouble
            crash fail break
            app application program software
            website site webpage page
            login log_in sign_in log_on access get_into
            logout log_out sign_out log_off
            register sign_up enroll enrol join subscribe apply
            apply claim request ask_for
            password passcode pin
            account profile
            email mail mailbox
            message text sms
            send transfer forward mail
            transfer move send
            move relocate shift
            convert turn change transform
            create make build set_up generate develop design write
            make create do produce cook prepare build
            build construct make develop
            learn study master pick_up
            learn know understand
            teach educate instruct
            teacher instructor professor tutor
            student pupil learner
            school college university institute
            exam test examination
            course class program lesson
            book novel
            begin learn
            understand know learn
            find locate see discover get search look_for
            find_out know tell determine check
            see view watch find look_at check
            check verify see confirm find_out view
            show display
            tell say explain
            explain describe
            answer reply respond response
            ask question
            meaning definition mean
            reason cause why
            cause lead_to make
            result outcome effect consequence
            effect impact influence affect consequence
            advantage benefit pro pros merit
            disadvantage drawback con cons
            difference distinction differ
            similar alike like same
            same similar identical
            different another other
            way method technique process procedure mean approach
            tip advice trick suggestion
            idea thought opinion view
            think believe feel opinion
            opinion view think thought
            feel feeling
            purpose point goal aim use
            use utilize utilise employ usage
            use work
            work function run operate
            play run
            happen occur take_place
            happen go_on
            start begin open found
            start begin set_up
            live stay reside
            stay remain
            die death
            kill murder
            live survive
            marry marriage wedding
            girl woman lady
            boy man guy
            people person someone human anyone everyone individual
            human person man
            friend buddy
            love like enjoy
            hate dislike
            like love enjoy
            want wish like desire
            speak talk
            talk speak chat conversation
            say speak
            begin speak
            job employment position vacancy
            hire recruit
            employee worker staff
            boss manager
            fire dismiss sack
            quit resign leave
            leave depart
            arrive come reach get
            lose misplace
            broken damaged defective
            break damage
            stolen robbed
            hack compromise
            block freeze suspend
            decline reject deny refuse
            accept take
            lend loan borrow
            loan mortgage
            loan credit lend
            invest investment
            tax taxation
            deposit pay_in top_up add
            top_up topup add_money
            withdraw take_out withdrawal
            payment pay transaction transfer
            pay payment
            purchase transaction payment
            currency money
            money cash fund
            rich wealthy
            earn make gain
            save keep
            weight fat
            lose reduce
            diet food eat
            food meal dish cuisine
            eat consume have
            drink consume have
            healthy good
            exercise workout train
            fit healthy
            beautiful pretty attractive
            smart intelligent clever
            stupid dumb
            funny hilarious
            interesting fascinating
            popular famous
            famous well-known known
            real true genuine actual
            true real right
            correct right
            wrong incorrect
            fake false counterfeit
            safe secure
            dangerous harmful unsafe risky
            harmful bad
            new latest recent
            old aged
            age old
            best top greatest good
            top best
            largest biggest greatest
            highest biggest top
            large big
            lowest minimum smallest least
            highest maximum
            minimum min least at_least
            maximum max at_most up_to
            begin beginner start
            daily every_day
            frequently often
            sometimes occasionally
            always forever
            never not
            all every each
            each every
            both two
            most majority
            immediately now
            currently now presently
            now today
            happen become
            become be turn get
            look seem appear
            hereditary inherited inherit genetic
            inherit hereditary
            exit leave
            depart leave
            duration long length
            time hour
            hour time
            expire gone run_out end
            over end finish
            end over
            valid run hold
            guarantee warranty
            silence mute
            open unlock
            close shut
            shut close
            connect link pair
            link url
            attach add
            add insert include
            include contain
            contain have
            own have possess
            hold have
            bring take carry
            carry take
            wear dress
            wash clean
            boil cook
            cook make prepare
            bake cook
            car automobile
            train rail
            bike bicycle cycle
            bus coach
            ticket pass
            seat place
            reserve book
            booking reservation
            reservation book
            reschedule move change postpone
            postpone delay
            delay late
            hotel accommodation
            restaurant diner
            police cop
            crime offense offence
            jail prison
            president leader
            government state
            politician leader
            vote elect election voting
            win victory beat winner
            winner win
            director direct
            founder found start
            found establish
            invent inventor
            invent discover
            write author
            author writer write
            sing singer
            song music track
            game match
            player athlete
            team side
            language tongue
            english
            word term
            translate convert turn
            code coding program programming
            programmer developer coder engineer
            computer pc laptop
            laptop notebook
            screen display
            file document
            folder directory
            internet web online net
            network wifi
            video clip
            watch see view
            listen hear
            download get save
            upload post
            post share
            share send
            hack crack
            install set_up
            upgrade update
            update upgrade renew
            run launch
            speed_up faster accelerate
            alarm alert
            notification alert
            sleep rest
            dream sleep
            tired exhausted
            stress anxiety
            depression depressed
            sad depressed unhappy
            happy glad
            lonely alone
            afraid scared fear
            fear phobia
            pain ache hurt
            headache migraine
            skin face
            acne pimple
            hair
            pregnant pregnancy expecting
            sex intercourse
            relationship relation
            break_up breakup split
            date dating
            boyfriend girlfriend
            wife spouse
            husband spouse
            cat kitten
            dog puppy
            garbage trash rubbish
            fill complete
            form document
            submit hand_in file send
            sign signature
            due owe deadline
            owe due
            customs duty
            gift present
            parcel package
            deliver ship delivery shipping
            delivery shipment shipping
            arrive come show_up deliver
            order purchase
            track trace
            lost missing
            missing lost
            replace replacement new
            replacement new
            card
            charge bill
            bill invoice
            fee charge cost
            limit maximum cap
            approve accept
            permission approval
            proof evidence
            identity id
            verify confirm prove authenticate
            verification check
            conflict dispute
            argue argument
            agree accept
            rumor rumour
            chance probability odds
            possible can
            future upcoming
            percent percentage
            number amount quantity count
            size big
            width wide
            height tall high
            length long
            depth deep
            weigh weight heavy
            distance far
            hotel inn
            warm hot
            cold cool
            rain rainy
            color colour
            grey gray
            organise organize
            favourite favorite
            exist real
            alien extraterrestrial
            earth world
            world global
            universe space
            science scientific
            engineer engineering
            interview
            prepare preparation ready
            crack pass clear
            score mark
            degree qualification
            motivate inspire
            success successful succeed
            successful succeed success
            fail failure
            confident confidence
            focus concentrate concentration
            procrastinate procrastination
            memory remember
            forget
            habit addiction
            addicted addiction
            smoke smoking
            alcohol drinking
            follower
            hide conceal
            secret
            trust believe
            rely trust
            hope expect
            expect
            suggest recommend
            recommend suggest
            review feedback
            compare comparison versus
            versus compare
            train practice
            practice train
            skill ability
            ability skill
            talent gift
            strange weird odd
            weird strange
            common usual
            usually normally typically
            normal usual common
            special unique
            unique special
            actually really
            really actually
            mostly mainly
            ban demonetize demonetise abolish scrap demonetization demonetisation
            note currency bill
            resolution goal
            spend waste
            mistake error
            ring call phone
            setup set_up install configure configuration
            gas fuel petrol gasoline
            genuine legitimate legit real
            job placement
            rotate spin turn
            perceive see
            female girl woman
            tool equipment instrument
            mark tag flag
            force pressure power
            assistance support help advice
            communicate contact talk
            refunded back refund
            cheap cheaper cheapest less_expensive least_expensive cost_less
            expensive more_expensive most_expensive costly cost_more
            retrieve retrive recover
            origin originate invent come_from
            improve change develop learn
            humor humour
            us usa america american states united_states
            uk britain british england united_kingdom
            eu europe european
            """;

    private static final Map<String, Senses> SENSES = new HashMap<>();
    private static final Set<String> PHRASES = new TreeSet<>();

    static {
        Map<String, List<Integer>> rowsOf = new HashMap<>();
        int row = 0;
        for (String line : ROWS.split("\n", 0)) {
            for (String word : line.trim().split(" +", 0)) {
                String key = Inflections.keyOf(word);
                rowsOf.computeIfAbsent(key, unused -> new ArrayList<>()).add(row);
                if (word.indexOf('_') > 0) {
                    PHRASES.add(key);
                }
            }
            row++;
        }
        rowsOf.forEach((key, rows) -> SENSES.put(key, new Senses(rows)));
    }

    private Synonyms() {}

    /** What a key may mean. */
    static Senses senses(String key) {
        return SENSES.getOrDefault(key, Senses.NONE);
    }

    /** Whether two keys stand in one row. */
    static boolean synonyms(String one, String other) {
        return senses(one).meet(senses(other));
    }

    static Set<String> phrases() {
        return PHRASES;
    }
}
